"""Tries the client on a real server, which has the items i0, i1, ... and no tokens: python3 selftest.py URL"""

import socket
import sys
import threading

import ttt4rec


def breaking_off() -> str:
    """Starts a server whose first answers break off, and returns its address."""
    body = b'{"items": [], "total": 7}'
    answers = [
        b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"it',
        b"no HTTP\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body,
    ]
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        for answer in answers:
            connection = listener.accept()[0]
            connection.recv(65536)
            connection.sendall(answer)
            connection.close()

    threading.Thread(target=serve, daemon=True).start()
    return "http://127.0.0.1:%d" % listener.getsockname()[1]


def main() -> None:
    client = ttt4rec.Client(sys.argv[1])
    client.put_items(
        [
            {"item": "i1", "title": "Red mug", "labels": ["sale"], "attributes": {"price": 5}},
            {"item": "i2", "attributes": {"price": 9}},
        ]
    )
    first = client.send("anna/1", "i1", event_id="e1")
    assert first["status"] == "accepted", first
    assert client.send("anna/1", "i1", event_id="e1")["status"] == "duplicate"
    results = client.send_all([{"user": "anna/1", "item": "i%d" % i} for i in range(2, 7)], batch=2)
    assert [result["position"] for result in results] == [1, 2, 3, 4, 5], results
    assert client.send("bert", "i1", type="rating", value=4.5)["status"] == "accepted"
    germany = {"country": "DE", "device": "mobile"}
    assert client.send("carl", "i1", context=germany)["status"] == "accepted"
    referred = client.recommend("nobody", k=3, context={**germany, "referrer_item": "i3"})
    assert referred.basis == "referrer" and len(referred.items) == 3, referred
    assert client.recommend_after([], context={"referrer_item": "i3"}, k=3).items == referred.items
    shelves = client.shelves(None, [{"kind": "personal", "k": 3}], context={"referrer_item": "i3"})
    assert shelves[0].items == referred.items, shelves
    assert client.recommend("nobody", context={"referrer_item": "what?"}).basis == "popularity"
    try:
        client.send("carl", "i1", context={"country": 49})
        raise AssertionError("values are strings")
    except ttt4rec.Ttt4recError as error:
        assert error.status == 400 and error.problem["results"][0]["field"] == "context.country", error.problem
    best = client.recommend("anna/1", k=3)
    assert len(best.items) == 3 and best.basis == "personal" and best.events == 6, best
    assert [each.item for each in client.recommend("anna/1", filter="price < 9").items] == ["i1"]
    assert client.recommend("anna/1", filter="price < 1").emptied_by == "filter"
    some = client.recommend("anna/1", only=["i7", "i8", "a,b"], exclude=["i8"])
    assert [each.item for each in some.items] == ["i7"], some
    assert client.recommend("anna/1", only=["a,b"]).emptied_by == "request"
    assert client.recommend("anna/1", k=30, exclude_seen=True).items[0].item not in ("i1", "i2")
    client.put_scenario("home", {"k": 2, "rules": [{"type": "pin", "item": "i9", "place": 1}]})
    home = client.recommend("anna/1", scenario="home").items
    assert len(home) == 2 and home[0].item == "i9" and home[0].pinned, home
    assert len(client.recommend_after(["i3"], k=4).items) == 4
    assert client.recommend_after(["i3", "i4"], types=["view", None], k=4).events == 2
    try:
        client.recommend_after(["i3"], types=["view", "buy"])
        raise AssertionError("types must fit the history")
    except ttt4rec.Ttt4recError as error:
        assert error.status == 400 and str(error).startswith("types has 2 elements"), error
    after = {"history": ["i3", "i4"], "types": ["view", "rating"], "values": [None, 4.5]}
    assert client.recommend_after(k=4, **after).events == 2
    recent, best = client.shelves(None, [{"kind": "recently_viewed"}, {"kind": "personal", "k": 3}], **after)
    assert [each.item for each in recent.items] == ["i4", "i3"] and len(best.items) == 3, recent
    try:
        client.shelves("anna/1", [{"kind": "new"}], types=["view"])
        raise AssertionError("a stored user's events have their types")
    except ttt4rec.Ttt4recError as error:
        assert error.status == 400 and str(error).startswith("types needs a history"), error
    page = client.find_items(filter="price > 1", attributes=True, limit=1)
    assert page.items[0]["attributes"] == {"price": 5} and page.total == 2 and page.next == "i1", page
    page = client.find_items(filter="price > 1", limit=1, after=page.next)
    assert page == ttt4rec.ItemPage([{"item": "i2"}], 2), page
    assert [each["item"] for each in client.find_items("red MUG").items] == ["i1"]
    assert len(client.similar("i3", k=2)) == 2
    assert client.shown("anna/1", ["i8", "i9"], scenario="home", list_id="view-1") == 2
    assert client.shown("anna/1", ["i8", "i9"], scenario="home", list_id="view-1") == 0
    recent, best = client.shelves("anna/1", [{"kind": "recently_viewed", "k": 2}, {"kind": "personal", "k": 3}])
    assert [each.item for each in recent.items] == ["i6", "i5"] and len(best.items) == 3, recent
    assert not {each.item for each in recent.items} & {each.item for each in best.items}
    try:
        client.recommend("anna/1", filter="price <")
        raise AssertionError("a wrong filter is refused")
    except ttt4rec.Ttt4recError as error:
        assert error.status == 400 and error.problem["at"] == {"field": "filter", "column": 8}, error.problem
    assert ttt4rec.Client(breaking_off()).find_items().total == 7
    assert client.forget("anna/1") and not client.forget("anna/1")
    try:
        ttt4rec.Client("http://127.0.0.1:1", tries=2).recommend("anna")
        raise AssertionError("nobody answers there")
    except ttt4rec.Ttt4recError as error:
        assert error.status == 0, error
    print("all is well")


if __name__ == "__main__":
    main()
