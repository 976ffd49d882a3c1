// What the forwarder logs to the console: one line of JSON an event.

/** The lines from now on, as `level event message {details}`; other output as it is. */
export function captureLog(test) {
  const logged = [];
  for (const method of ["log", "debug", "info", "warn", "error"])
    test.mock.method(console, method, (...words) => logged.push(readable(words.join(" "))));
  return logged;
}

function readable(line) {
  try {
    const { time, level, event, message, ...details } = JSON.parse(line);
    if (!Number.isFinite(Date.parse(time))) return line;
    return `${level} ${event} ${message} ${JSON.stringify(details)}`;
  } catch {
    return line;
  }
}
