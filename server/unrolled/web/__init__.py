"""The server: routes, pages, and what keeps them safe. `app.create_app` composes them."""
