/**
 * A refusal, as the server words it (RFC 9457).
 */
export class Problem extends Error {
  /**
   * @param {string} title
   * @param {string} detail
   * @param {number} status 0 where the server was not reached
   * @param {{field: string, expected: string, got: string}[]} [errors] the fields of a document that are wrong
   */
  constructor(title, detail, status, errors = []) {
    super(detail || title);
    this.title = title;
    this.status = status;
    this.errors = errors;
  }
}
