"""What PyPI's h11 makes of the bytes of a connection.

Each line of standard input is a connection's bytes in hexadecimal. Each line of standard output is how reading them
ends (clean, incomplete, closed or refused), and the requests that they hold, each in hexadecimal.
"""
import sys

try:
    import h11
except ImportError:
    sys.exit("the tests need PyPI's h11: pip install h11 (PATLESS_TEST_PYTHON names another python)")


def read(data):
    connection = h11.Connection(h11.SERVER)
    connection.receive_data(data)
    requests, current = [], None
    try:
        while True:
            event = connection.next_event()
            if isinstance(event, h11.Request):
                current = event.method + b" " + event.target + b" "
            elif isinstance(event, h11.Data):
                current += bytes(event.data)
            elif isinstance(event, h11.EndOfMessage):
                requests.append(current)
                current = None
                # Not 200, which would open the tunnel that CONNECT asks for.
                connection.send(h11.Response(status_code=404, headers=[("Content-Length", "0")]))
                connection.send(h11.EndOfMessage())
                if connection.our_state is not h11.DONE:
                    return "closed", requests
                connection.start_next_cycle()
            elif event is h11.NEED_DATA:
                unread, _ = connection.trailing_data
                return "incomplete" if current is not None or unread else "clean", requests
            else:
                return "closed", requests
    except h11.RemoteProtocolError:
        return "refused", requests


for line in sys.stdin:
    end, requests = read(bytes.fromhex(line))
    print(end, *(request.hex() for request in requests))
