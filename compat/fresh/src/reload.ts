// Runs in the browser, in development: reloads when the server has restarted.

let known: string | undefined;

function connect(): void {
  const socket = new WebSocket(new URL("/_frsh/alive", location.href));
  socket.addEventListener("message", ({ data }) => {
    if (known !== undefined && known !== data) location.reload();
    known = data;
  });
  socket.addEventListener("close", () => setTimeout(connect, 500));
}

connect();
