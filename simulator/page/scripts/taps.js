/** Taps that wait for the bot's answer, which may come before the server has told the tap's number. */
const rememberedAnswers = 50;

export class Taps {
  #waiting = new Map();
  #answered = [];

  wait(queryId) {
    if (this.#answered.includes(queryId)) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.set(queryId, resolve));
  }

  answer(queryId) {
    this.#answered = [...this.#answered, queryId].slice(-rememberedAnswers);
    this.#waiting.get(queryId)?.();
    this.#waiting.delete(queryId);
  }
}
