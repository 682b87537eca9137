"""The exchange's announcements: a few in a day, a pure function of (seed, time), and those that somebody puts up."""

from __future__ import annotations

from core.market import DAY_MS, MINUTE_MS
from core.sim import dice
from core.sim.listing import Listed
from core.sim.live import NEVER
from core.sim.private_frames import Notice

CATEGORIES = ("notice", "trade", "wallet", "maintenance", "digital_asset", "nft", "service", "event")
_OPENS_MS = 30 * MINUTE_MS  # from 09:30 KST on, which is 00:30 UTC
_SPAN_MIN = 540
_FIRST_ID = 900_000_000  # far from those that there are
_TEXTS = (
    ("trade", "[거래] {name}({code}) 거래 유의 종목 지정 안내", "거래 유의 종목으로 지정되었습니다: {name}({code})"),
    ("trade", "[거래] {name}({code}) 마켓 추가 안내", "아래 디지털 자산의 마켓이 추가됩니다: {name}({code})"),
    (
        "wallet",
        "[입출금] {name}({code}) 네트워크 업그레이드에 따른 입출금 일시 중단 안내",
        "점검이 끝나면 다시 안내해 드립니다.",
    ),
    ("wallet", "[입출금] {name}({code}) 입출금 재개 안내", "입출금이 재개되었습니다."),
    ("maintenance", "[점검] 정기 서버 점검 안내", "점검 시간에는 서비스 이용이 제한됩니다."),
    ("digital_asset", "[디지털 자산] {name}({code}) 유통량 계획표 변경 안내", "변경된 계획표를 확인해 주세요."),
    ("event", "[이벤트] {name}({code}) 거래 이벤트 안내", "자세한 내용은 이벤트 페이지를 확인해 주세요."),
    ("notice", "[안내] 서비스 이용 안내 변경", "변경된 내용을 확인해 주세요."),
)


class Notices:
    """Announcements in the order of time."""

    def __init__(self, seed: int, markets: dict[str, Listed]) -> None:
        self._seed = seed
        self._coins = list({m.base: m for m in markets.values()}.values())
        self._count = 0
        self._told_ms = 0
        self.next_ms = NEVER  # when the next one is due; NEVER while nobody listens

    def begin(self, now_ms: int) -> None:
        """Tell what comes after now."""
        self._told_ms = now_ms
        day = now_ms // DAY_MS
        self.next_ms = min(n.time_ms for n in self.of_day(day) + self.of_day(day + 1) if n.time_ms > now_ms)

    def end(self) -> None:
        """Nobody listens any more."""
        self.next_ms = NEVER

    def due(self, now_ms: int) -> list[Notice]:
        """Return what was announced since the last time, oldest first."""
        if now_ms < self.next_ms:
            return []
        found = self.between(self._told_ms, now_ms)
        self.begin(now_ms)
        return found

    def of_day(self, day: int) -> list[Notice]:
        """Return the notices of a UTC day, oldest first; some come a second time, changed."""
        name = dice.key(self._seed, "notices", day)
        found: list[Notice] = []
        for i in range(3 + dice.one(name, -1) % 4):
            luck = dice.one(name, i)
            category, title, body = _TEXTS[luck % len(_TEXTS)]
            coin = self._coins[(luck >> 8) % len(self._coins)]
            words = {"name": coin.korean_name, "code": coin.base}
            time_ms = day * DAY_MS + _OPENS_MS + (luck >> 24) % (_SPAN_MIN * 60_000)
            id_ = str(_FIRST_ID + day * 10 + i)
            notice = Notice(id_, title.format(**words), category, time_ms, time_ms, body.format(**words))
            found.append(notice)
            if luck >> 60 < 4:
                later = time_ms + (5 + (luck >> 40) % 90) * MINUTE_MS
                found.append(notice._replace(title=f"{notice.title} (내용 추가)", time_ms=later))
        return sorted(found, key=lambda n: n.time_ms)

    def between(self, after_ms: int, until_ms: int) -> list[Notice]:
        """Return what was announced after one moment, up to another one."""
        days = range(after_ms // DAY_MS, until_ms // DAY_MS + 1)
        return [n for day in days for n in self.of_day(day) if after_ms < n.time_ms <= until_ms]

    def written(self, title: str, category: str, body: str, now_ms: int) -> Notice:
        """Return a notice that somebody puts up now.

        Raises:
            ValueError: there is no such category.
        """
        if category not in CATEGORIES:
            raise ValueError(f"no category {category!r}; there are: {', '.join(CATEGORIES)}")
        self._count += 1
        return Notice(str(_FIRST_ID * 11 // 10 + self._count), title, category, now_ms, now_ms, body)
