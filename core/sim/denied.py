"""The exchange's words for no, where one's own account is concerned: a name, a status and a sentence for each."""

from __future__ import annotations

import json

_SAID = {
    "create_ask_error": (400, "주문 요청 정보가 올바르지 않습니다."),
    "create_bid_error": (400, "주문 요청 정보가 올바르지 않습니다."),
    "insufficient_funds_ask": (400, "주문 가능한 수량이 부족합니다."),
    "insufficient_funds_bid": (400, "주문 가능한 금액이 부족합니다."),
    "under_min_total_ask": (400, "최소 주문 금액 이상으로 주문해 주세요."),
    "under_min_total_bid": (400, "최소 주문 금액 이상으로 주문해 주세요."),
    "over_krw_funds_ask": (400, "최대 주문 가능 금액보다 작은 주문을 입력해 주세요."),
    "over_krw_funds_bid": (400, "최대 주문 가능 금액보다 작은 주문을 입력해 주세요."),
    "invalid_price_ask": (400, "주문 가격 단위를 확인해 주세요."),
    "invalid_price_bid": (400, "주문 가격 단위를 확인해 주세요."),
    "invalid_time_in_force": (400, "주문 조건을 다시 확인해 주세요."),
    "invalid_post_only": (400, "post_only 주문에는 smp_type 을 지정할 수 없습니다."),
    "duplicated_identifier": (400, "이미 사용된 identifier 입니다."),
    "validation_error": (400, "잘못된 API 요청입니다."),
    "invalid_parameter": (400, "잘못된 파라미터입니다."),
    "notfoundmarket": (400, "해당 마켓을 찾을 수 없습니다."),
    "no_authorization_token": (401, "인증 토큰이 없습니다."),
    "jwt_verification": (401, "JWT 토큰 검증에 실패했습니다."),
    "invalid_query_payload": (401, "JWT 페이로드를 확인해 주세요."),
    "nonce_used": (401, "이미 사용된 nonce 입니다."),
    "expired_access_key": (401, "만료된 API 키입니다."),
    "no_authorization_ip": (401, "허용되지 않은 IP 주소입니다."),
    "out_of_scope": (401, "허용되지 않은 기능입니다."),
    "market_offline": (403, "시스템 점검 중입니다. 점검이 완료된 후에 다시 시도해 주세요."),
    "order_not_found": (404, "주문을 찾지 못했습니다."),
}


class DeniedError(Exception):
    """An answer that is an error.

    Args:
        name: one of those above; clients go by it.
        status: where it is not the usual one.
        message: where there is more to say than usual.
    """

    def __init__(self, name: str, *, status: int = 0, message: str = "") -> None:
        super().__init__(name)
        usual_status, usual = _SAID[name]
        self.name = name
        self.status = status or usual_status
        self.message = message or usual

    @property
    def body(self) -> bytes:
        error = {"error": {"name": self.name, "message": self.message}}
        return json.dumps(error, ensure_ascii=False, separators=(",", ":")).encode()
