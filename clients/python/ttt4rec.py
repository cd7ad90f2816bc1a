"""A client of the ttt4rec server: pure standard library, Python 3.9 and later."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from dataclasses import dataclass
from typing import Any, Dict, Iterable, List, Optional

__all__ = ["Client", "Item", "ItemList", "ItemPage", "Shelf", "Ttt4recError", "user_token"]


class Ttt4recError(Exception):
    """Raised if the server refuses a request, or does not answer any attempt.

    ``status`` is the HTTP status, or 0 if there was no answer; ``problem`` is the problem document of the server.
    """

    def __init__(self, status: int, detail: str, problem: Optional[Dict[str, Any]] = None):
        super().__init__(detail)
        self.status = status
        self.problem = problem or {}


@dataclass(frozen=True)
class Item:
    """An item of a list; ``score`` is comparable within one list only."""

    item: str
    score: float
    name: Optional[str] = None
    pinned: bool = False
    explanation: Optional[Dict[str, Any]] = None


@dataclass(frozen=True)
class ItemList:
    """A list, best item first; ``emptied_by`` names the rule or filter that removed all items."""

    items: List[Item]
    basis: str
    model_version: str
    events: int
    emptied_by: Optional[str] = None


@dataclass(frozen=True)
class ItemPage:
    """A page of the catalogue: items as in ``put_items``, the number on all pages, and ``next`` unless it is the last."""

    items: List[Dict[str, Any]]
    total: int
    next: Optional[str] = None


@dataclass(frozen=True)
class Shelf:
    """One list of a page of several; ``because`` is the id of the item that explains a list of kind ``because``."""

    name: str
    kind: str
    items: List[Item]
    because: Optional[str] = None
    emptied_by: Optional[str] = None


class Client:
    """A client of one server. Thread-safe.

    Tries a request up to ``tries`` times, with growing pauses, if the server is busy (429, 503) or the connection breaks.
    Events get an id before they are first sent, so that the server stores none twice.
    """

    def __init__(self, url: str, token: Optional[str] = None, timeout: float = 10.0, tries: int = 4):
        self._url = url.rstrip("/")
        self._token = token
        self._timeout = timeout
        self._tries = tries

    def send(
        self,
        user: str,
        item: str,
        at: Optional[str] = None,
        event_id: Optional[str] = None,
        type: Optional[str] = None,  # noqa: A002 - the server's name for it
        value: Optional[float] = None,
        context: Optional[Dict[str, str]] = None,
    ) -> Dict[str, Any]:
        """Stores one event, perhaps with its type, such as "view", value and context; returns the server's result.

        A context is such as ``{"country": "DE", "device": "mobile", "referrer_item": "i17"}``.
        """
        event: Dict[str, Any] = {"user": user, "item": item}
        if type is not None:
            event["type"] = type
        if value is not None:
            event["value"] = value
        if context is not None:
            event["context"] = context
        if at is not None:
            event["time"] = at
        if event_id is not None:
            event["event_id"] = event_id
        return self.send_all([event])[0]

    def send_all(self, events: Iterable[Dict[str, Any]], batch: int = 500) -> List[Dict[str, Any]]:
        """Stores events, ``batch`` per request; returns the server's result for each, in order."""
        waiting = [dict(event) for event in events]
        for event in waiting:
            event.setdefault("event_id", uuid.uuid4().hex)
        results: List[Dict[str, Any]] = []
        for start in range(0, len(waiting), batch):
            answer = self._call("POST", "/v1/events", waiting[start : start + batch])
            results.extend(answer["results"])
        return results

    def recommend(
        self,
        user: str,
        k: Optional[int] = None,
        filter: Optional[str] = None,  # noqa: A002 - the server's name for it
        scenario: Optional[str] = None,
        exclude_seen: Optional[bool] = None,
        diversity: Optional[float] = None,
        explain: Optional[bool] = None,
        only: Optional[List[str]] = None,
        exclude: Optional[List[str]] = None,
        context: Optional[Dict[str, str]] = None,
    ) -> ItemList:
        """Recommends the next items for a user, perhaps ``only`` among some or without those to ``exclude``.

        ``context`` is as in ``send``; it decides on the list of a user of whom the model knows no item.
        """
        query = {
            "k": k,
            "filter": filter,
            "scenario": scenario,
            "exclude_seen": exclude_seen,
            "diversity": diversity,
            "explain": explain,
            "only": only,
            "exclude": exclude,
            "context": context,
        }
        return _list(self._call("GET", "/v1/users/" + _part(user) + "/recommendations" + _query(query)))

    def recommend_after(
        self,
        history: List[str],
        types: Optional[List[Optional[str]]] = None,
        values: Optional[List[Optional[float]]] = None,
        **options: Any,
    ) -> ItemList:
        """Recommends the next items after a history, without storing it.

        ``types`` and ``values`` have the type and the value of each event, if the server tells types apart; other
        options are members of POST /v1/recommendations, such as ``context`` for a user with an empty history.
        """
        body = {**_history(history, types, values), **options}
        return _list(self._call("POST", "/v1/recommendations", body))

    def shelves(
        self,
        user: Optional[str],
        shelves: Iterable[Dict[str, Any]],
        history: Optional[List[str]] = None,
        types: Optional[List[Optional[str]]] = None,
        values: Optional[List[Optional[float]]] = None,
        context: Optional[Dict[str, str]] = None,
    ) -> List[Shelf]:
        """Returns several lists, none of which repeats an item of an earlier one.

        Each shelf is as in POST /v1/shelves, such as ``{"kind": "trending"}``. Instead of a user, ``history``, with
        ``types`` and ``values``, is as in ``recommend_after``; ``context`` is as in ``recommend``.
        """
        body: Dict[str, Any] = {"shelves": list(shelves), **_history(history, types, values)}
        if user is not None:
            body["user"] = user
        if context is not None:
            body["context"] = context
        return [_shelf(each) for each in self._call("POST", "/v1/shelves", body)["shelves"]]

    def shown(
        self,
        user: str,
        items: List[str],
        scenario: Optional[str] = None,
        list_id: Optional[str] = None,
    ) -> int:
        """Reports a list that a user was shown; returns the number of items counted. Its id makes it count only once."""
        body: Dict[str, Any] = {"user": user, "items": items, "list": list_id or uuid.uuid4().hex}
        if scenario is not None:
            body["scenario"] = scenario
        return self._call("POST", "/v1/impressions", body)["counted"]

    def similar(self, item: str, k: Optional[int] = None, filter: Optional[str] = None) -> List[Item]:  # noqa: A002
        """Returns the items most similar to one."""
        answer = self._call("GET", "/v1/items/" + _part(item) + "/similar" + _query({"k": k, "filter": filter}))
        return [_item(each) for each in answer["items"]]

    def find_items(
        self,
        query: Optional[str] = None,
        filter: Optional[str] = None,  # noqa: A002 - the server's name for it
        attributes: Optional[bool] = None,
        limit: Optional[int] = None,
        after: Optional[str] = None,
    ) -> ItemPage:
        """Returns a page of the model's items, or of those that have the words of ``query`` and pass the filter.

        ``after`` is ``next`` of the page before.
        """
        given = {"query": query, "filter": filter, "attributes": attributes, "limit": limit, "after": after}
        answer = self._call("GET", "/v1/items" + _query(given))
        return ItemPage(answer["items"], answer["total"], answer.get("next"))

    def put_items(self, items: Iterable[Dict[str, Any]], batch: int = 500) -> int:
        """Stores attributes of items, ``batch`` per request; returns their number. Needs an admin token."""
        waiting = list(items)
        for start in range(0, len(waiting), batch):
            self._call("POST", "/v1/items", waiting[start : start + batch])
        return len(waiting)

    def put_scenario(self, name: str, scenario: Dict[str, Any]) -> None:
        """Stores the rules and defaults of a scenario. Needs an admin token."""
        self._call("PUT", "/v1/scenarios/" + _part(name), scenario)

    def forget(self, user: str) -> bool:
        """Deletes all data of a user; returns false if there is none. Needs an admin token."""
        try:
            self._call("DELETE", "/v1/users/" + _part(user))
            return True
        except Ttt4recError as error:
            if error.status == 404:
                return False
            raise

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode("utf-8")
        headers = {} if data is None else {"Content-Type": "application/json"}
        if self._token is not None:
            headers["Authorization"] = "Bearer " + self._token
        pause = 0.1
        for attempt in range(1, self._tries + 1):
            request = urllib.request.Request(self._url + path, data=data, headers=headers, method=method)
            try:
                with urllib.request.urlopen(request, timeout=self._timeout) as response:
                    text = response.read()
                    return json.loads(text) if text else None
            except urllib.error.HTTPError as error:
                problem = _problem(error)
                if error.code not in (429, 503) or attempt == self._tries:
                    raise Ttt4recError(error.code, problem.get("detail", error.reason), problem) from None
            except (OSError, http.client.HTTPException) as error:
                if attempt == self._tries:
                    raise Ttt4recError(0, str(error) or type(error).__name__) from error
            time.sleep(pause)
            pause *= 2
        raise AssertionError("the loop ends with an answer or an error")


def user_token(secret: bytes, user: str, seconds: int) -> str:
    """Returns a token with which a page may send events and read lists of one user for some seconds (JSON Web Token, HS256)."""
    claims = {"sub": user, "exp": int(time.time()) + seconds}
    signed = _base64(b'{"alg":"HS256"}') + "." + _base64(json.dumps(claims).encode("utf-8"))
    return signed + "." + _base64(hmac.new(secret, signed.encode("ascii"), hashlib.sha256).digest())


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _part(text: str) -> str:
    return urllib.parse.quote(text, safe="")


def _query(values: Dict[str, Any]) -> str:
    given = [name + "=" + _value(value) for name, value in values.items() if value is not None]
    return "?" + "&".join(given) if given else ""


def _value(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(_part(each) for each in value)
    if isinstance(value, dict):
        return _part(json.dumps(value))
    return _part(str(value).lower() if isinstance(value, bool) else str(value))


def _history(
    history: Optional[List[str]], types: Optional[List[Optional[str]]], values: Optional[List[Optional[float]]]
) -> Dict[str, Any]:
    members = {"history": history, "types": types, "values": values}
    return {name: value for name, value in members.items() if value is not None}


def _item(value: Dict[str, Any]) -> Item:
    return Item(value["item"], value["score"], value.get("name"), value.get("pinned", False), value.get("explanation"))


def _shelf(value: Dict[str, Any]) -> Shelf:
    items = [_item(each) for each in value["items"]]
    return Shelf(value["name"], value["kind"], items, value.get("because", {}).get("item"), value.get("emptied_by"))


def _list(value: Dict[str, Any]) -> ItemList:
    items = [_item(each) for each in value["items"]]
    return ItemList(items, value["basis"], value["model_version"], value["events"], value.get("emptied_by"))


def _problem(error: urllib.error.HTTPError) -> Dict[str, Any]:
    try:
        value = json.loads(error.read())
        return value if isinstance(value, dict) else {}
    except ValueError:
        return {}
