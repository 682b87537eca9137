<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>AccountBar</name>
    <message>
        <source>Balances</source>
        <translation>보유 자산</translation>
    </message>
    <message>
        <source>Open orders</source>
        <translation>미체결</translation>
    </message>
    <message>
        <source>Past orders</source>
        <translation>주문 내역</translation>
    </message>
    <message>
        <source>Fills</source>
        <translation>체결</translation>
    </message>
    <message>
        <source>Hide amounts</source>
        <translation>금액 숨기기</translation>
    </message>
    <message>
        <source>Options</source>
        <translation>옵션</translation>
    </message>
    <message>
        <source>Hide balances below 1,000 KRW</source>
        <translation>1,000원 미만 자산 숨기기</translation>
    </message>
    <message>
        <source>Copy the table (Ctrl+C)</source>
        <translation>표 복사 (Ctrl+C)</translation>
    </message>
    <message>
        <source>API key…</source>
        <translation>API 키…</translation>
    </message>
</context>
<context>
    <name>AccountPage</name>
    <message>
        <source>API key</source>
        <translation>API 키</translation>
    </message>
    <message>
        <source>A key of Upbit shows your balances, orders and fills here. A key that may only read is enough, and safest: tick “View assets” (자산조회) and “View orders” (주문조회) and nothing else. Hoga places no orders and moves no money.</source>
        <translation>업비트 API 키를 입력하면 보유 자산, 주문, 체결을 볼 수 있습니다. 조회 권한만 있는 키로 충분하고 가장 안전합니다. ‘자산조회’와 ‘주문조회’만 선택하세요. Hoga는 주문하거나 자산을 옮기지 않습니다.</translation>
    </message>
    <message>
        <source>Open the key page of Upbit</source>
        <translation>업비트 API 관리 페이지 열기</translation>
    </message>
    <message>
        <source>Access key</source>
        <translation>Access key</translation>
    </message>
    <message>
        <source>Secret key</source>
        <translation>Secret key</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>저장</translation>
    </message>
    <message>
        <source>Check again</source>
        <translation>다시 확인</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>키 삭제</translation>
    </message>
    <message>
        <source>This is no key: both halves have letters, digits and signs only.</source>
        <translation>키 형식이 아닙니다. 영문자, 숫자, 기호로만 이루어진 키를 두 칸에 모두 입력하세요.</translation>
    </message>
    <message>
        <source>There is no key.</source>
        <translation>등록된 키가 없습니다.</translation>
    </message>
    <message>
        <source>Key {hint}</source>
        <translation>키 {hint}</translation>
    </message>
    <message>
        <source>not used in the demo, which has an account of its own.</source>
        <translation>데모에서는 데모 계좌를 쓰므로 이 키를 사용하지 않습니다.</translation>
    </message>
    <message>
        <source>The keyring of this system did not delete the key: delete it there. It is not used.</source>
        <translation>시스템 키링에서 키를 삭제하지 못했습니다. 키링에서 직접 삭제하세요. 이 키는 더 이상 사용하지 않습니다.</translation>
    </message>
    <message>
        <source>This system has no keyring that takes it: the key lasts until the program closes.</source>
        <translation>키를 보관할 시스템 키링이 없습니다. 키는 프로그램을 끝낼 때까지만 유지됩니다.</translation>
    </message>
    <message>
        <source>The key is kept in the keyring of the system alone, in no file, and goes to Upbit alone.</source>
        <translation>키는 시스템 키링에만 보관하며, 파일에 저장하지 않고 업비트 외에는 보내지 않습니다.</translation>
    </message>
</context>
<context>
    <name>AccountPane</name>
    <message>
        <source>Account</source>
        <translation>내 계좌</translation>
    </message>
    <message>
        <source>Only balances below 1,000 KRW, which are hidden</source>
        <translation>1,000원 미만 자산만 있어 숨겼습니다</translation>
    </message>
    <message>
        <source>Nothing is held</source>
        <translation>보유한 자산이 없습니다</translation>
    </message>
    <message>
        <source>No open orders</source>
        <translation>미체결 주문이 없습니다</translation>
    </message>
    <message>
        <source>No orders in the last seven days</source>
        <translation>최근 7일 동안의 주문이 없습니다</translation>
    </message>
    <message>
        <source>No fills in the last seven days</source>
        <translation>최근 7일 동안의 체결이 없습니다</translation>
    </message>
    <message>
        <source>Korean won</source>
        <translation>원화</translation>
    </message>
    <message>
        <source>Currencies without a price: {count}. They are not in the sum.</source>
        <translation>가격을 알 수 없어 합계에서 제외한 자산: {count}개</translation>
    </message>
    <message>
        <source>Value (KRW)</source>
        <translation>총 평가 (KRW)</translation>
    </message>
    <message>
        <source>Profit</source>
        <translation>평가손익</translation>
    </message>
    <message>
        <source>Return</source>
        <translation>수익률</translation>
    </message>
    <message>
        <source>Cost</source>
        <translation>매수금액</translation>
    </message>
    <message>
        <source>Cash</source>
        <translation>보유 원화</translation>
    </message>
    <message>
        <source>Show {market}</source>
        <translation>{market} 보기</translation>
    </message>
    <message>
        <source>Copy the table (Ctrl+C)</source>
        <translation>표 복사 (Ctrl+C)</translation>
    </message>
    <message>
        <source>Buy</source>
        <translation>매수</translation>
    </message>
    <message>
        <source>Sell</source>
        <translation>매도</translation>
    </message>
    <message>
        <source>Limit</source>
        <translation>지정가</translation>
    </message>
    <message>
        <source>Market</source>
        <translation>시장가</translation>
    </message>
    <message>
        <source>Best price</source>
        <translation>최유리</translation>
    </message>
    <message>
        <source>Filled</source>
        <translation>체결됨</translation>
    </message>
    <message>
        <source>Filled in part</source>
        <translation>일부 체결</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>취소됨</translation>
    </message>
    <message>
        <source>Reserved</source>
        <translation>예약</translation>
    </message>
    <message>
        <source>Maker</source>
        <translation>메이커</translation>
    </message>
    <message>
        <source>Taker</source>
        <translation>테이커</translation>
    </message>
</context>
<context>
    <name>AccountView</name>
    <message>
        <source>Time</source>
        <translation>시각</translation>
    </message>
    <message>
        <source>Symbol</source>
        <translation>종목</translation>
    </message>
    <message>
        <source>Side</source>
        <translation>구분</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>유형</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>결과</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>메이커/테이커</translation>
    </message>
    <message>
        <source>Held</source>
        <translation>보유수량</translation>
    </message>
    <message>
        <source>Free</source>
        <translation>주문가능</translation>
    </message>
    <message>
        <source>Locked</source>
        <translation>거래중</translation>
    </message>
    <message>
        <source>Avg price</source>
        <translation>평균가</translation>
    </message>
    <message>
        <source>Price</source>
        <translation>가격</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>평가금액</translation>
    </message>
    <message>
        <source>Amount</source>
        <translation>금액</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>비중</translation>
    </message>
    <message>
        <source>Profit</source>
        <translation>평가손익</translation>
    </message>
    <message>
        <source>Return</source>
        <translation>수익률</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>수량</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>미체결량</translation>
    </message>
    <message>
        <source>Filled</source>
        <translation>체결률</translation>
    </message>
    <message>
        <source>Traded</source>
        <translation>체결량</translation>
    </message>
    <message>
        <source>Fee</source>
        <translation>수수료</translation>
    </message>
    <message>
        <source>Free and locked</source>
        <translation>주문가능 수량과 거래중 수량의 합</translation>
    </message>
    <message>
        <source>In open orders and withdrawals</source>
        <translation>미체결 주문과 출금에 묶인 수량</translation>
    </message>
    <message>
        <source>Average price of what was bought or traded</source>
        <translation>매수 평균가 또는 체결 평균가</translation>
    </message>
    <message>
        <source>In KRW, at the last price</source>
        <translation>현재가로 계산한 원화 금액</translation>
    </message>
    <message>
        <source>In the currency that prices the market; of an open order: what is left of it</source>
        <translation>마켓 통화 기준 금액. 미체결 주문은 남은 금액</translation>
    </message>
    <message>
        <source>Of the value of the whole account</source>
        <translation>전체 평가금액에서 차지하는 비중</translation>
    </message>
    <message>
        <source>Value less cost at the average price, in KRW</source>
        <translation>평가금액에서 매수 평균가로 계산한 매수금액을 뺀 값 (KRW)</translation>
    </message>
    <message>
        <source>Maker: the order was resting. Taker: it met one that rested</source>
        <translation>메이커: 호가에 걸려 있던 주문. 테이커: 걸려 있던 주문과 바로 체결된 주문</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>내 계좌</translation>
    </message>
</context>
<context>
    <name>AlertCenter</name>
    <message>
        <source>The alerts could not be read. They are kept as {file}; there are none now.</source>
        <translation>알림을 읽지 못했습니다. 원본은 {file} 파일에 보관했고, 지금은 알림이 없습니다.</translation>
    </message>
    <message>
        <source>The alerts can be neither read nor moved ({file}). New ones last until the program ends.</source>
        <translation>알림 파일을 읽지도 옮기지도 못했습니다({file}). 새 알림은 프로그램을 끝낼 때까지만 유지됩니다.</translation>
    </message>
    <message>
        <source>DEMO, not market prices</source>
        <translation>데모, 실제 시세 아님</translation>
    </message>
    <message>
        <source>The webhook did not take an alert ({why}). Its address is in the settings, under Alerts.</source>
        <translation>웹훅이 알림을 받지 못했습니다({why}). 주소는 설정의 알림에서 확인하세요.</translation>
    </message>
</context>
<context>
    <name>AlertForm</name>
    <message>
        <source>New alert</source>
        <translation>새 알림</translation>
    </message>
    <message>
        <source>Change the alert</source>
        <translation>알림 수정</translation>
    </message>
    <message>
        <source>Price</source>
        <translation>현재가</translation>
    </message>
    <message>
        <source>Change of the day</source>
        <translation>전일대비 등락률</translation>
    </message>
    <message>
        <source>Change within minutes</source>
        <translation>단기 등락률</translation>
    </message>
    <message>
        <source>Turnover within minutes</source>
        <translation>단기 거래대금</translation>
    </message>
    <message>
        <source>Spread</source>
        <translation>호가차</translation>
    </message>
    <message>
        <source>Imbalance of the book</source>
        <translation>호가 잔량 불균형</translation>
    </message>
    <message>
        <source>Anything unusual</source>
        <translation>특이 종목</translation>
    </message>
    <message>
        <source>Signal of a strategy</source>
        <translation>전략 신호</translation>
    </message>
    <message>
        <source>Notice of the exchange</source>
        <translation>거래소 공지</translation>
    </message>
    <message>
        <source>Connection lost</source>
        <translation>연결 끊김</translation>
    </message>
    <message>
        <source>Name, code or initial consonants</source>
        <translation>이름, 코드 또는 초성</translation>
    </message>
    <message>
        <source>Anything</source>
        <translation>전체</translation>
    </message>
    <message>
        <source>Any strategy</source>
        <translation>모든 전략</translation>
    </message>
    <message>
        <source>Any signal</source>
        <translation>모든 신호</translation>
    </message>
    <message>
        <source>Any notice</source>
        <translation>모든 공지</translation>
    </message>
    <message>
        <source>reaches</source>
        <translation>도달</translation>
    </message>
    <message>
        <source>is at or above</source>
        <translation>이상</translation>
    </message>
    <message>
        <source>is at or below</source>
        <translation>이하</translation>
    </message>
    <message>
        <source>{n} min</source>
        <translation>{n}분</translation>
    </message>
    <message>
        <source>once</source>
        <translation>한 번</translation>
    </message>
    <message>
        <source>each time</source>
        <translation>매번</translation>
    </message>
    <message>
        <source>each time, with a pause</source>
        <translation>매번, 간격을 두고</translation>
    </message>
    <message>
        <source> min</source>
        <translation>분</translation>
    </message>
    <message>
        <source>Sound</source>
        <translation>소리</translation>
    </message>
    <message>
        <source>Webhook</source>
        <translation>웹훅</translation>
    </message>
    <message>
        <source>Give its address in the settings first</source>
        <translation>먼저 설정에서 주소를 입력하세요</translation>
    </message>
    <message>
        <source>Symbol</source>
        <translation>종목</translation>
    </message>
    <message>
        <source>What</source>
        <translation>항목</translation>
    </message>
    <message>
        <source>Which</source>
        <translation>종류</translation>
    </message>
    <message>
        <source>Strategy</source>
        <translation>전략</translation>
    </message>
    <message>
        <source>within</source>
        <translation>기준 시간</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>값</translation>
    </message>
    <message>
        <source>How often</source>
        <translation>반복</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>간격</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>메모</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>저장</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>삭제</translation>
    </message>
    <message>
        <source> M KRW</source>
        <translation>백만원</translation>
    </message>
    <message>
        <source> s</source>
        <translation>초</translation>
    </message>
    <message>
        <source>No symbol fits this. Try a code such as BTC, or a part of the name.</source>
        <translation>맞는 종목이 없습니다. BTC 같은 코드나 이름의 일부를 입력해 보세요.</translation>
    </message>
    <message>
        <source>No symbol fits this. Leave it empty for every market.</source>
        <translation>맞는 종목이 없습니다. 전체 종목은 비워 두세요.</translation>
    </message>
    <message>
        <source>Give a price above 0.</source>
        <translation>0보다 큰 가격을 입력하세요.</translation>
    </message>
    <message>
        <source>Premium of the KRW price</source>
        <translation>원화 가격 프리미엄</translation>
    </message>
    <message>
        <source>Edge between quote currencies, after fees</source>
        <translation>마켓 간 차익 (수수료 차감 후)</translation>
    </message>
    <message>
        <source>This coin has no second price to compare with. Choose another.</source>
        <translation>비교할 다른 마켓 가격이 없는 코인입니다. 다른 코인을 선택하세요.</translation>
    </message>
</context>
<context>
    <name>AlertsPane</name>
    <message>
        <source>Alerts</source>
        <translation>알림</translation>
    </message>
    <message>
        <source>No alerts yet. Press a price of a chart with the right button, or the button above.</source>
        <translation>아직 알림이 없습니다. 차트의 가격을 오른쪽 버튼으로 누르거나 위의 버튼을 누르세요.</translation>
    </message>
    <message>
        <source>What alerts say is listed here.</source>
        <translation>울린 알림이 여기에 표시됩니다.</translation>
    </message>
    <message>
        <source>Connection</source>
        <translation>연결</translation>
    </message>
    <message>
        <source>Every market</source>
        <translation>전체 종목</translation>
    </message>
    <message>
        <source>once</source>
        <translation>한 번</translation>
    </message>
    <message>
        <source>each time</source>
        <translation>매번</translation>
    </message>
    <message>
        <source>at most every {n} min</source>
        <translation>최소 간격 {n}분</translation>
    </message>
    <message>
        <source>+ New alert</source>
        <translation>+ 새 알림</translation>
    </message>
    <message>
        <source>Do not disturb</source>
        <translation>방해 금지</translation>
    </message>
    <message>
        <source>No sound and no message of the desktop&apos;s; what happens is listed all the same</source>
        <translation>소리와 바탕화면 알림을 끕니다. 내역은 그대로 남습니다.</translation>
    </message>
    <message>
        <source>Clear the list</source>
        <translation>내역 지우기</translation>
    </message>
    <message>
        <source>Symbol</source>
        <translation>종목</translation>
    </message>
    <message>
        <source>When</source>
        <translation>조건</translation>
    </message>
    <message>
        <source>How often</source>
        <translation>반복</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>메모</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>시각</translation>
    </message>
    <message>
        <source>What happened</source>
        <translation>알림 내역</translation>
    </message>
</context>
<context>
    <name>BookBar</name>
    <message>
        <source>Ladder</source>
        <translation>기본 호가창</translation>
    </message>
    <message>
        <source>Fixed prices (DOM)</source>
        <translation>가격 고정 (DOM)</translation>
    </message>
    <message>
        <source>Imbalance of</source>
        <translation>불균형 계산 범위</translation>
    </message>
    <message>
        <source>the best {n}</source>
        <translation>상위 {n}호가</translation>
    </message>
    <message>
        <source>all levels</source>
        <translation>모든 호가</translation>
    </message>
    <message>
        <source>Changes of size over</source>
        <translation>잔량 변화 기간</translation>
    </message>
    <message>
        <source>{n} s</source>
        <translation>{n}초</translation>
    </message>
    <message>
        <source>Trades at price over</source>
        <translation>가격별 체결 기간</translation>
    </message>
    <message>
        <source>Follow the market</source>
        <translation>시세 따라가기</translation>
    </message>
    <message>
        <source>Back to the spread (Space)</source>
        <translation>최우선 호가로 돌아가기 (Space)</translation>
    </message>
    <message>
        <source>Percent to the previous close</source>
        <translation>전일 종가 대비 등락률</translation>
    </message>
    <message>
        <source>Cumulative sizes</source>
        <translation>누적 잔량</translation>
    </message>
    <message>
        <source>Cumulative values</source>
        <translation>누적 금액</translation>
    </message>
    <message>
        <source>Changes of size</source>
        <translation>잔량 변화</translation>
    </message>
    <message>
        <source>Prices in KRW</source>
        <translation>원화 환산 가격</translation>
    </message>
    <message>
        <source>Own orders</source>
        <translation>내 주문</translation>
    </message>
    <message>
        <source>Trades at price</source>
        <translation>가격별 체결량</translation>
    </message>
    <message>
        <source>all</source>
        <translation>전체</translation>
    </message>
    <message>
        <source>{n} h</source>
        <translation>{n}시간</translation>
    </message>
    <message>
        <source>{n} min</source>
        <translation>{n}분</translation>
    </message>
    <message>
        <source>Group prices (+ and -)</source>
        <translation>호가 모아보기 (+, -)</translation>
    </message>
    <message>
        <source>Each price keeps its line, until you scroll or press Space</source>
        <translation>스크롤하거나 Space 키를 누르기 전까지 가격이 제자리에 있습니다</translation>
    </message>
    <message>
        <source>Options</source>
        <translation>옵션</translation>
    </message>
    <message>
        <source>Depth chart</source>
        <translation>누적 잔량 차트</translation>
    </message>
    <message>
        <source>The last two minutes</source>
        <translation>최근 2분 호가 변화</translation>
    </message>
</context>
<context>
    <name>BookView</name>
    <message>
        <source>Order book</source>
        <translation>호가</translation>
    </message>
    <message>
        <source>Crossed book</source>
        <translation>호가 역전</translation>
    </message>
    <message>
        <source>No asks</source>
        <translation>매도 호가 없음</translation>
    </message>
    <message>
        <source>No bids</source>
        <translation>매수 호가 없음</translation>
    </message>
    <message>
        <source>1 tick</source>
        <translation>1틱</translation>
    </message>
    <message>
        <source>{n} ticks</source>
        <translation>{n}틱</translation>
    </message>
    <message>
        <source>under 1 tick</source>
        <translation>1틱 미만</translation>
    </message>
    <message>
        <source>Up to here: {size} = {value}</source>
        <translation>누적: {size} = {value}</translation>
    </message>
    <message>
        <source>About {price} KRW, {value} KRW in all</source>
        <translation>약 {price}원, 합계 {value}원</translation>
    </message>
    <message>
        <source>Total</source>
        <translation>총 잔량</translation>
    </message>
    <message>
        <source>What it is worth in KRW may be old</source>
        <translation>KRW 환산값은 최신이 아닐 수 있습니다</translation>
    </message>
    <message>
        <source>The order book is empty</source>
        <translation>호가가 없습니다</translation>
    </message>
</context>
<context>
    <name>ChartExport</name>
    <message>
        <source>The picture of {market} is in the clipboard.</source>
        <translation>{market} 그림을 클립보드에 복사했습니다.</translation>
    </message>
    <message>
        <source>Save the picture of the chart</source>
        <translation>차트 그림 저장</translation>
    </message>
    <message>
        <source>Pictures (*.png)</source>
        <translation>그림 (*.png)</translation>
    </message>
    <message>
        <source>Save {count} bars of {market}</source>
        <translation>{market} 봉 {count}개 저장</translation>
    </message>
    <message>
        <source>Text table (*.csv)</source>
        <translation>텍스트 표 (*.csv)</translation>
    </message>
    <message>
        <source>Parquet table (*.parquet)</source>
        <translation>Parquet 표 (*.parquet)</translation>
    </message>
    <message>
        <source>Nothing was written to {path}: {why}</source>
        <translation>{path}: 저장하지 못했습니다. {why}</translation>
    </message>
    <message>
        <source>Saved: {path}</source>
        <translation>저장했습니다: {path}</translation>
    </message>
    <message>
        <source>the disk is full.</source>
        <translation>디스크가 가득 찼습니다.</translation>
    </message>
    <message>
        <source>this folder or file may not be written to.</source>
        <translation>이 폴더나 파일에는 쓸 수 없습니다.</translation>
    </message>
    <message>
        <source>the folder is not there any more.</source>
        <translation>폴더가 없습니다.</translation>
    </message>
    <message>
        <source>the name is too long.</source>
        <translation>이름이 너무 깁니다.</translation>
    </message>
</context>
<context>
    <name>ChartPainter</name>
    <message>
        <source>O</source>
        <translation>시</translation>
    </message>
    <message>
        <source>H</source>
        <translation>고</translation>
    </message>
    <message>
        <source>L</source>
        <translation>저</translation>
    </message>
    <message>
        <source>C</source>
        <translation>종</translation>
    </message>
    <message>
        <source>Vol</source>
        <translation>거래량</translation>
    </message>
    <message>
        <source>Buy</source>
        <translation>매수</translation>
    </message>
    <message>
        <source>Sell</source>
        <translation>매도</translation>
    </message>
    <message>
        <source>Avg price</source>
        <translation>평균가</translation>
    </message>
    <message>
        <source>Heikin-Ashi: averaged bars, no prices</source>
        <translation>하이킨아시: 실제 가격이 아닌 평균 봉</translation>
    </message>
    <message>
        <source>Prev. close</source>
        <translation>전일 종가</translation>
    </message>
    <message>
        <source>High</source>
        <translation>고가</translation>
    </message>
    <message>
        <source>Low</source>
        <translation>저가</translation>
    </message>
</context>
<context>
    <name>ChartPane</name>
    <message>
        <source>Fit prices to the bars</source>
        <translation>가격 범위 자동 맞춤</translation>
    </message>
    <message>
        <source>DEMO</source>
        <translation>데모</translation>
    </message>
    <message>
        <source>loading history</source>
        <translation>과거 봉 불러오는 중</translation>
    </message>
    <message>
        <source>Own orders and fills</source>
        <translation>내 주문과 체결</translation>
    </message>
    <message>
        <source>Compare with another symbol…</source>
        <translation>다른 종목과 비교…</translation>
    </message>
    <message>
        <source>Compare with {market} no more</source>
        <translation>{market} 비교 해제</translation>
    </message>
    <message>
        <source>Volume by buyers and sellers</source>
        <translation>거래량 매수·매도 구분</translation>
    </message>
</context>
<context>
    <name>ChartStyles</name>
    <message>
        <source>Candles</source>
        <translation>캔들</translation>
    </message>
    <message>
        <source>Hollow candles</source>
        <translation>빈 캔들</translation>
    </message>
    <message>
        <source>Bars (OHLC)</source>
        <translation>바 (OHLC)</translation>
    </message>
    <message>
        <source>Heikin-Ashi</source>
        <translation>하이킨아시</translation>
    </message>
    <message>
        <source>Line</source>
        <translation>라인</translation>
    </message>
    <message>
        <source>Area</source>
        <translation>영역</translation>
    </message>
    <message>
        <source>Linear scale</source>
        <translation>일반 축</translation>
    </message>
    <message>
        <source>Logarithmic scale</source>
        <translation>로그 축</translation>
    </message>
    <message>
        <source>Percent scale</source>
        <translation>퍼센트 축</translation>
    </message>
</context>
<context>
    <name>ChartView</name>
    <message>
        <source>Times are in Korea&apos;s zone. A click shows local time.</source>
        <translation>한국 시각입니다. 누르면 현지 시각으로 표시합니다.</translation>
    </message>
    <message>
        <source>Times are local. A click shows Korea&apos;s time (KST).</source>
        <translation>현지 시각입니다. 누르면 한국 시각(KST)으로 표시합니다.</translation>
    </message>
    <message>
        <source>There are as many drawings on this symbol as can be.</source>
        <translation>이 종목에는 그림을 더 그릴 수 없습니다.</translation>
    </message>
</context>
<context>
    <name>CheatSheet</name>
    <message>
        <source>Typing on a pane</source>
        <translation>창에서 입력</translation>
    </message>
    <message>
        <source>Search for a symbol</source>
        <translation>종목 검색</translation>
    </message>
    <message>
        <source>Set the interval</source>
        <translation>봉 간격 설정</translation>
    </message>
    <message>
        <source>Step through the list of markets</source>
        <translation>종목 목록에서 이동</translation>
    </message>
    <message>
        <source>Zoom the chart, group the order book</source>
        <translation>차트 확대·축소, 호가 모아보기</translation>
    </message>
    <message>
        <source>Move the chart, scroll a list</source>
        <translation>차트 이동, 목록 스크롤</translation>
    </message>
    <message>
        <source>Order book: back to the middle</source>
        <translation>호가: 가운데로</translation>
    </message>
    <message>
        <source>Markets: favourite</source>
        <translation>종목: 관심 등록</translation>
    </message>
    <message>
        <source>Markets: other tab</source>
        <translation>종목: 다른 탭</translation>
    </message>
    <message>
        <source>Mouse</source>
        <translation>마우스</translation>
    </message>
    <message>
        <source>Show a symbol in a pane</source>
        <translation>창에서 종목 보기</translation>
    </message>
    <message>
        <source>drop it on the pane</source>
        <translation>창에 끌어다 놓기</translation>
    </message>
    <message>
        <source>New chart of a symbol</source>
        <translation>종목의 새 차트</translation>
    </message>
    <message>
        <source>drop it at an edge</source>
        <translation>창 가장자리에 놓기</translation>
    </message>
    <message>
        <source>Move, tab or tear off a pane</source>
        <translation>창 옮기기, 탭, 떼어 내기</translation>
    </message>
    <message>
        <source>drag its header</source>
        <translation>창 머리글 끌기</translation>
    </message>
    <message>
        <source>Zoom where the pointer is</source>
        <translation>포인터 위치에서 확대·축소</translation>
    </message>
    <message>
        <source>wheel on the chart</source>
        <translation>차트에서 휠</translation>
    </message>
    <message>
        <source>Back in time</source>
        <translation>과거로 이동</translation>
    </message>
    <message>
        <source>drag the chart</source>
        <translation>차트 끌기</translation>
    </message>
    <message>
        <source>Stretch prices or time</source>
        <translation>가격·시간 축 늘이기</translation>
    </message>
    <message>
        <source>drag the axis</source>
        <translation>축 끌기</translation>
    </message>
    <message>
        <source>Automatic scale again</source>
        <translation>자동 배율로</translation>
    </message>
    <message>
        <source>double-click the axis</source>
        <translation>축 두 번 클릭</translation>
    </message>
    <message>
        <source>Sort the markets</source>
        <translation>종목 정렬</translation>
    </message>
    <message>
        <source>click the head of a column</source>
        <translation>열 제목 클릭</translation>
    </message>
    <message>
        <source>Keys at a glance</source>
        <translation>단축키 한눈에 보기</translation>
    </message>
    <message>
        <source>Esc closes. The keys of commands can be changed in the settings.</source>
        <translation>Esc로 닫습니다. 명령의 단축키는 설정에서 바꿀 수 있습니다.</translation>
    </message>
    <message>
        <source>Trades: freeze, or the newest</source>
        <translation>체결: 멈추기, 최신으로</translation>
    </message>
    <message>
        <source>Trades: the oldest</source>
        <translation>체결: 가장 오래된 체결로</translation>
    </message>
    <message>
        <source>Trades: copy the lines</source>
        <translation>체결: 줄 복사</translation>
    </message>
    <message>
        <source>Through time without a drag</source>
        <translation>끌지 않고 시간 이동</translation>
    </message>
    <message>
        <source>Shift+wheel, two fingers</source>
        <translation>Shift+휠, 두 손가락</translation>
    </message>
    <message>
        <source>Chart: step through time</source>
        <translation>차트: 시간 이동</translation>
    </message>
    <message>
        <source>Chart: the oldest bar, the newest</source>
        <translation>차트: 가장 오래된 봉, 최신 봉</translation>
    </message>
    <message>
        <source>Chart: give up drawing, delete a drawing</source>
        <translation>차트: 그리기 그만두기, 그림 삭제</translation>
    </message>
    <message>
        <source>Chart: copy a drawing</source>
        <translation>차트: 그림 복사, 붙여넣기</translation>
    </message>
    <message>
        <source>Copy a drawing</source>
        <translation>그림 복사</translation>
    </message>
    <message>
        <source>drag it with Ctrl</source>
        <translation>Ctrl을 누르고 끌기</translation>
    </message>
    <message>
        <source>Draw level or square</source>
        <translation>수평이나 정사각형으로 그리기</translation>
    </message>
    <message>
        <source>hold Shift</source>
        <translation>Shift 누르기</translation>
    </message>
</context>
<context>
    <name>CommandPalette</name>
    <message>
        <source>What do you want to do?</source>
        <translation>무엇을 할까요?</translation>
    </message>
    <message>
        <source>Search for a command</source>
        <translation>명령 검색</translation>
    </message>
    <message>
        <source>Nothing fits &quot;{typed}&quot;. Try another word for it.</source>
        <translation>&quot;{typed}&quot;에 맞는 명령이 없습니다. 다른 말로 찾아보세요.</translation>
    </message>
</context>
<context>
    <name>Commands</name>
    <message>
        <source>Program</source>
        <translation>프로그램</translation>
    </message>
    <message>
        <source>Desk</source>
        <translation>데스크</translation>
    </message>
    <message>
        <source>Pane</source>
        <translation>창</translation>
    </message>
    <message>
        <source>Chart</source>
        <translation>차트</translation>
    </message>
    <message>
        <source>Link group</source>
        <translation>연동 그룹</translation>
    </message>
    <message>
        <source>View</source>
        <translation>보기</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>도움말</translation>
    </message>
    <message>
        <source>The program does not understand these keys: {keys}</source>
        <translation>알 수 없는 단축키입니다: {keys}</translation>
    </message>
    <message>
        <source>&quot;{command}&quot; has these keys: {keys}</source>
        <translation>&quot;{command}&quot;에서 쓰는 단축키입니다: {keys}</translation>
    </message>
    <message>
        <source>This key moves, chooses or closes everywhere. Add Ctrl or Alt.</source>
        <translation>이 키는 이동, 선택, 닫기에 쓰입니다. Ctrl이나 Alt를 함께 누르세요.</translation>
    </message>
    <message>
        <source>A letter searches for a symbol and a digit sets the interval. Add Ctrl or Alt.</source>
        <translation>글자는 종목 검색, 숫자는 봉 간격에 쓰입니다. Ctrl이나 Alt를 함께 누르세요.</translation>
    </message>
    <message>
        <source>Find a command</source>
        <translation>명령 찾기</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>설정</translation>
    </message>
    <message>
        <source>Open the demo exchange</source>
        <translation>데모 거래소 열기</translation>
    </message>
    <message>
        <source>Connect again now</source>
        <translation>지금 다시 연결</translation>
    </message>
    <message>
        <source>New alert</source>
        <translation>새 알림</translation>
    </message>
    <message>
        <source>Show the alerts</source>
        <translation>알림 보기</translation>
    </message>
    <message>
        <source>Do not disturb</source>
        <translation>방해 금지</translation>
    </message>
    <message>
        <source>New strategy</source>
        <translation>새 전략</translation>
    </message>
    <message>
        <source>Show the strategies</source>
        <translation>전략 보기</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>종료</translation>
    </message>
    <message>
        <source>Keys at a glance</source>
        <translation>단축키 한눈에 보기</translation>
    </message>
    <message>
        <source>Show the tour</source>
        <translation>둘러보기</translation>
    </message>
    <message>
        <source>About Hoga</source>
        <translation>Hoga 정보</translation>
    </message>
    <message>
        <source>New desk: four charts</source>
        <translation>새 데스크: 차트 4개</translation>
    </message>
    <message>
        <source>New desk: scalping</source>
        <translation>새 데스크: 스캘핑</translation>
    </message>
    <message>
        <source>New desk: markets and chart</source>
        <translation>새 데스크: 종목 목록과 차트</translation>
    </message>
    <message>
        <source>New desk: nine charts</source>
        <translation>새 데스크: 차트 9개</translation>
    </message>
    <message>
        <source>New desk: the whole market</source>
        <translation>새 데스크: 시장 전체</translation>
    </message>
    <message>
        <source>New desk: strategies</source>
        <translation>새 데스크: 전략</translation>
    </message>
    <message>
        <source>Open the first desk</source>
        <translation>첫째 데스크 열기</translation>
    </message>
    <message>
        <source>Open the second desk</source>
        <translation>둘째 데스크 열기</translation>
    </message>
    <message>
        <source>Open the third desk</source>
        <translation>셋째 데스크 열기</translation>
    </message>
    <message>
        <source>Open the fourth desk</source>
        <translation>넷째 데스크 열기</translation>
    </message>
    <message>
        <source>Open the fifth desk</source>
        <translation>다섯째 데스크 열기</translation>
    </message>
    <message>
        <source>Next desk</source>
        <translation>다음 데스크</translation>
    </message>
    <message>
        <source>Previous desk</source>
        <translation>이전 데스크</translation>
    </message>
    <message>
        <source>Rename the desk</source>
        <translation>데스크 이름 바꾸기</translation>
    </message>
    <message>
        <source>Delete the desk</source>
        <translation>데스크 삭제</translation>
    </message>
    <message>
        <source>Export the desk</source>
        <translation>데스크 내보내기</translation>
    </message>
    <message>
        <source>Import a desk</source>
        <translation>데스크 가져오기</translation>
    </message>
    <message>
        <source>Lock the panes in their places</source>
        <translation>창 배치 잠금</translation>
    </message>
    <message>
        <source>New chart</source>
        <translation>새 차트</translation>
    </message>
    <message>
        <source>New order book</source>
        <translation>새 호가</translation>
    </message>
    <message>
        <source>New trades</source>
        <translation>새 체결</translation>
    </message>
    <message>
        <source>New list of markets</source>
        <translation>새 종목 목록</translation>
    </message>
    <message>
        <source>New scanner</source>
        <translation>새 스캐너</translation>
    </message>
    <message>
        <source>New list of strategies</source>
        <translation>새 전략 목록</translation>
    </message>
    <message>
        <source>New list of alerts</source>
        <translation>새 알림 목록</translation>
    </message>
    <message>
        <source>New list of connections</source>
        <translation>새 연결 상태</translation>
    </message>
    <message>
        <source>Change the symbol</source>
        <translation>종목 바꾸기</translation>
    </message>
    <message>
        <source>Change the interval</source>
        <translation>봉 간격 바꾸기</translation>
    </message>
    <message>
        <source>Next symbol</source>
        <translation>다음 종목</translation>
    </message>
    <message>
        <source>Previous symbol</source>
        <translation>이전 종목</translation>
    </message>
    <message>
        <source>Duplicate to the right</source>
        <translation>오른쪽에 복제</translation>
    </message>
    <message>
        <source>Duplicate below</source>
        <translation>아래에 복제</translation>
    </message>
    <message>
        <source>Fill the window</source>
        <translation>창 채우기</translation>
    </message>
    <message>
        <source>Tear off or dock</source>
        <translation>떼어 내기 / 다시 붙이기</translation>
    </message>
    <message>
        <source>Close the pane</source>
        <translation>창 닫기</translation>
    </message>
    <message>
        <source>Open the closed pane again</source>
        <translation>닫은 창 다시 열기</translation>
    </message>
    <message>
        <source>Next pane</source>
        <translation>다음 창</translation>
    </message>
    <message>
        <source>Previous pane</source>
        <translation>이전 창</translation>
    </message>
    <message>
        <source>Move the pane to the left edge</source>
        <translation>창을 왼쪽 끝으로</translation>
    </message>
    <message>
        <source>Move the pane to the right edge</source>
        <translation>창을 오른쪽 끝으로</translation>
    </message>
    <message>
        <source>Move the pane to the upper edge</source>
        <translation>창을 위쪽 끝으로</translation>
    </message>
    <message>
        <source>Move the pane to the lower edge</source>
        <translation>창을 아래쪽 끝으로</translation>
    </message>
    <message>
        <source>Make the pane wider</source>
        <translation>창 너비 늘리기</translation>
    </message>
    <message>
        <source>Make the pane narrower</source>
        <translation>창 너비 줄이기</translation>
    </message>
    <message>
        <source>Make the pane taller</source>
        <translation>창 높이 늘리기</translation>
    </message>
    <message>
        <source>Make the pane lower</source>
        <translation>창 높이 줄이기</translation>
    </message>
    <message>
        <source>How the chart looks</source>
        <translation>차트 모양</translation>
    </message>
    <message>
        <source>Indicators</source>
        <translation>지표</translation>
    </message>
    <message>
        <source>Logarithmic scale</source>
        <translation>로그 축</translation>
    </message>
    <message>
        <source>Percent scale</source>
        <translation>퍼센트 축</translation>
    </message>
    <message>
        <source>Leave the link group</source>
        <translation>연동 해제</translation>
    </message>
    <message>
        <source>Link group 1</source>
        <translation>연동 그룹 1</translation>
    </message>
    <message>
        <source>Link group 2</source>
        <translation>연동 그룹 2</translation>
    </message>
    <message>
        <source>Link group 3</source>
        <translation>연동 그룹 3</translation>
    </message>
    <message>
        <source>Link group 4</source>
        <translation>연동 그룹 4</translation>
    </message>
    <message>
        <source>Link group 5</source>
        <translation>연동 그룹 5</translation>
    </message>
    <message>
        <source>Link group 6</source>
        <translation>연동 그룹 6</translation>
    </message>
    <message>
        <source>Link group 7</source>
        <translation>연동 그룹 7</translation>
    </message>
    <message>
        <source>Link group 8</source>
        <translation>연동 그룹 8</translation>
    </message>
    <message>
        <source>Link group 9</source>
        <translation>연동 그룹 9</translation>
    </message>
    <message>
        <source>Lead and follow the group</source>
        <translation>그룹과 서로 연동</translation>
    </message>
    <message>
        <source>Lead the group only</source>
        <translation>그룹을 이끌기만</translation>
    </message>
    <message>
        <source>Follow the group only</source>
        <translation>그룹을 따르기만</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>전체 화면</translation>
    </message>
    <message>
        <source>Korean</source>
        <translation>한국어</translation>
    </message>
    <message>
        <source>English</source>
        <translation>English</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>어둡게</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>밝게</translation>
    </message>
    <message>
        <source>Dark, colour-blind</source>
        <translation>어둡게 (색각 보정)</translation>
    </message>
    <message>
        <source>Light, colour-blind</source>
        <translation>밝게 (색각 보정)</translation>
    </message>
    <message>
        <source>Rise red, fall blue</source>
        <translation>상승 빨강, 하락 파랑</translation>
    </message>
    <message>
        <source>Rise green, fall red</source>
        <translation>상승 초록, 하락 빨강</translation>
    </message>
    <message>
        <source>Times of this machine</source>
        <translation>이 컴퓨터의 시각으로 표시</translation>
    </message>
    <message>
        <source>Show the account</source>
        <translation>내 계좌 보기</translation>
    </message>
    <message>
        <source>API key</source>
        <translation>API 키</translation>
    </message>
    <message>
        <source>New desk: own account</source>
        <translation>새 데스크: 내 계좌</translation>
    </message>
    <message>
        <source>New account</source>
        <translation>새 내 계좌</translation>
    </message>
    <message>
        <source>New list of notices</source>
        <translation>새 공지 목록</translation>
    </message>
    <message>
        <source>New desk: KRW, BTC and USDT</source>
        <translation>새 데스크: KRW, BTC, USDT</translation>
    </message>
    <message>
        <source>New cross-market pane</source>
        <translation>새 마켓 간 비교</translation>
    </message>
    <message>
        <source>Charts of a group show the same stretch of time</source>
        <translation>같은 그룹의 차트는 같은 기간 표시</translation>
    </message>
    <message>
        <source>Compare with another symbol</source>
        <translation>다른 종목과 비교</translation>
    </message>
    <message>
        <source>Chart: candles</source>
        <translation>차트: 캔들</translation>
    </message>
    <message>
        <source>Chart: hollow candles</source>
        <translation>차트: 빈 캔들</translation>
    </message>
    <message>
        <source>Chart: bars (OHLC)</source>
        <translation>차트: 바 (OHLC)</translation>
    </message>
    <message>
        <source>Chart: Heikin-Ashi</source>
        <translation>차트: 하이킨아시</translation>
    </message>
    <message>
        <source>Chart: line</source>
        <translation>차트: 라인</translation>
    </message>
    <message>
        <source>Chart: area</source>
        <translation>차트: 영역</translation>
    </message>
    <message>
        <source>Leave out windows without trades</source>
        <translation>거래 없는 봉 생략</translation>
    </message>
    <message>
        <source>Windows without trades as gaps</source>
        <translation>거래 없는 봉을 빈칸으로 표시</translation>
    </message>
    <message>
        <source>Windows without trades as flat bars</source>
        <translation>거래 없는 봉을 직전 종가로 표시</translation>
    </message>
    <message>
        <source>Previous close, high and low of the day</source>
        <translation>전일 종가와 당일 고가·저가</translation>
    </message>
    <message>
        <source>Copy a picture of the chart</source>
        <translation>차트 그림 복사</translation>
    </message>
    <message>
        <source>Save a picture of the chart</source>
        <translation>차트 그림 저장</translation>
    </message>
    <message>
        <source>Save the bars in view as a table</source>
        <translation>보이는 봉을 표로 저장</translation>
    </message>
    <message>
        <source>Save all loaded bars as a table</source>
        <translation>불러온 봉 전체를 표로 저장</translation>
    </message>
    <message>
        <source>Order book</source>
        <translation>호가</translation>
    </message>
    <message>
        <source>Fixed prices (DOM), or the spread in the middle</source>
        <translation>호가: 가격 고정(DOM) 전환</translation>
    </message>
    <message>
        <source>Back to the spread</source>
        <translation>호가: 가운데로</translation>
    </message>
    <message>
        <source>Group prices more</source>
        <translation>호가 더 크게 모아보기</translation>
    </message>
    <message>
        <source>Group prices less</source>
        <translation>호가 더 작게 모아보기</translation>
    </message>
    <message>
        <source>Mark the price above</source>
        <translation>위 가격 표시</translation>
    </message>
    <message>
        <source>Mark the price below</source>
        <translation>아래 가격 표시</translation>
    </message>
    <message>
        <source>Mark no price any more</source>
        <translation>가격 표시 해제</translation>
    </message>
    <message>
        <source>Drawing</source>
        <translation>그리기</translation>
    </message>
    <message>
        <source>Draw a trend line</source>
        <translation>추세선 그리기</translation>
    </message>
    <message>
        <source>Draw a ray</source>
        <translation>반직선 그리기</translation>
    </message>
    <message>
        <source>Draw a horizontal line</source>
        <translation>수평선 그리기</translation>
    </message>
    <message>
        <source>Draw a rectangle</source>
        <translation>사각형 그리기</translation>
    </message>
    <message>
        <source>Draw a Fibonacci retracement</source>
        <translation>피보나치 되돌림 그리기</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>구간 측정</translation>
    </message>
    <message>
        <source>Write on the chart</source>
        <translation>차트에 글 쓰기</translation>
    </message>
    <message>
        <source>Undo what was drawn</source>
        <translation>그리기 실행 취소</translation>
    </message>
    <message>
        <source>Draw it again</source>
        <translation>그리기 다시 실행</translation>
    </message>
    <message>
        <source>Delete all drawings</source>
        <translation>그림 모두 삭제</translation>
    </message>
    <message>
        <source>Magnet to open, high, low, close</source>
        <translation>시가·고가·저가·종가에 자석</translation>
    </message>
    <message>
        <source>Show the drawings</source>
        <translation>그림 표시</translation>
    </message>
    <message>
        <source>Bar of drawing tools</source>
        <translation>그리기 도구 막대</translation>
    </message>
    <message>
        <source>Volume by buyers and sellers</source>
        <translation>거래량 매수·매도 구분</translation>
    </message>
    <message>
        <source>Indicator: moving average (SMA)</source>
        <translation>지표: 이동평균 (SMA)</translation>
    </message>
    <message>
        <source>Indicator: exponential moving average (EMA)</source>
        <translation>지표: 지수이동평균 (EMA)</translation>
    </message>
    <message>
        <source>Indicator: weighted moving average (WMA)</source>
        <translation>지표: 가중이동평균 (WMA)</translation>
    </message>
    <message>
        <source>Indicator: Bollinger bands (BB)</source>
        <translation>지표: 볼린저 밴드 (BB)</translation>
    </message>
    <message>
        <source>Indicator: volume-weighted average (VWAP)</source>
        <translation>지표: 거래량 가중 평균 (VWAP)</translation>
    </message>
    <message>
        <source>Indicator: anchored VWAP (AVWAP)</source>
        <translation>지표: 기준점 VWAP (AVWAP)</translation>
    </message>
    <message>
        <source>Indicator: Ichimoku cloud</source>
        <translation>지표: 일목균형표</translation>
    </message>
    <message>
        <source>Indicator: volume average</source>
        <translation>지표: 거래량 이동평균</translation>
    </message>
    <message>
        <source>Indicator: relative strength (RSI)</source>
        <translation>지표: 상대강도지수 (RSI)</translation>
    </message>
    <message>
        <source>Indicator: MACD</source>
        <translation>지표: MACD</translation>
    </message>
    <message>
        <source>Indicator: stochastic</source>
        <translation>지표: 스토캐스틱</translation>
    </message>
    <message>
        <source>Indicator: average true range (ATR)</source>
        <translation>지표: 평균 실질 변동폭 (ATR)</translation>
    </message>
    <message>
        <source>Indicator: on-balance volume (OBV)</source>
        <translation>지표: 누적 거래량 (OBV)</translation>
    </message>
    <message>
        <source>Indicator: volume delta</source>
        <translation>지표: 거래량 델타</translation>
    </message>
    <message>
        <source>Indicator: cumulative volume delta (CVD)</source>
        <translation>지표: 누적 거래량 델타 (CVD)</translation>
    </message>
    <message>
        <source>Indicator: volume profile of the visible range (VP)</source>
        <translation>지표: 보이는 구간 매물대 (VP)</translation>
    </message>
</context>
<context>
    <name>ConnectionsPane</name>
    <message>
        <source>Connections</source>
        <translation>연결</translation>
    </message>
    <message>
        <source>No connections yet.</source>
        <translation>아직 연결이 없습니다.</translation>
    </message>
    <message>
        <source>All is well.</source>
        <translation>모두 정상입니다.</translation>
    </message>
    <message>
        <source>{count} of {all} connections are down.</source>
        <translation>연결 {all}개 중 {count}개가 끊겼습니다.</translation>
    </message>
    <message>
        <source>Some streams do not answer.</source>
        <translation>응답하지 않는 스트림이 있습니다.</translation>
    </message>
    <message>
        <source>{rate} messages a second, {holes} holes in the trades.</source>
        <translation>초당 메시지 {rate}개, 체결 누락 구간 {holes}곳.</translation>
    </message>
    <message>
        <source>All markets</source>
        <translation>전체 종목</translation>
    </message>
    <message>
        <source>Socket {number}</source>
        <translation>소켓 {number}</translation>
    </message>
    <message>
        <source>Next try in {seconds} s</source>
        <translation>{seconds}초 뒤 재시도</translation>
    </message>
    <message>
        <source>Connection</source>
        <translation>연결</translation>
    </message>
    <message>
        <source>State</source>
        <translation>상태</translation>
    </message>
    <message>
        <source>Per s</source>
        <translation>초당</translation>
    </message>
    <message>
        <source>Messages a second</source>
        <translation>초당 메시지 수</translation>
    </message>
    <message>
        <source>Age</source>
        <translation>경과</translation>
    </message>
    <message>
        <source>Time since the last message</source>
        <translation>마지막 메시지 이후 시간</translation>
    </message>
    <message>
        <source>First</source>
        <translation>첫 응답</translation>
    </message>
    <message>
        <source>From the request to the first message</source>
        <translation>요청부터 첫 메시지까지</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>남은 요청</translation>
    </message>
    <message>
        <source>Requests that may go at once</source>
        <translation>바로 보낼 수 있는 요청 수</translation>
    </message>
    <message>
        <source>Reconnects</source>
        <translation>재연결</translation>
    </message>
    <message>
        <source>How often the connection came back</source>
        <translation>다시 연결된 횟수</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>오류</translation>
    </message>
    <message>
        <source>Messages that could not be read</source>
        <translation>읽지 못한 메시지 수</translation>
    </message>
    <message>
        <source>Holes</source>
        <translation>누락</translation>
    </message>
    <message>
        <source>Times of which trades are missing</source>
        <translation>체결이 빠진 시간대</translation>
    </message>
    <message>
        <source>Filter by symbol or channel</source>
        <translation>종목이나 채널로 거르기</translation>
    </message>
    <message>
        <source>Connections and their streams</source>
        <translation>연결과 스트림</translation>
    </message>
    <message>
        <source>{count} times the trades did not add up to the exchange&apos;s volume.</source>
        <translation>체결 합계가 거래소 거래량과 {count}번 맞지 않았습니다.</translation>
    </message>
    <message>
        <source>State of {minute}: {hash}, {known} streams, {unknown} not known for certain</source>
        <translation>{minute} 상태: {hash}, 스트림 {known}개, 확실하지 않은 것 {unknown}개</translation>
    </message>
    <message>
        <source>The trades have not been compared with the exchange&apos;s volume yet.</source>
        <translation>체결 합계를 아직 거래소 거래량과 대조하지 않았습니다.</translation>
    </message>
    <message>
        <source>{age} ago the trades added up to the exchange&apos;s volume.</source>
        <translation>{age} 전에 체결 합계가 거래소 거래량과 일치했습니다.</translation>
    </message>
    <message>
        <source>Did not add up: {count} times, mended: {mended}.</source>
        <translation>불일치: {count}번, 복구: {mended}번.</translation>
    </message>
    <message>
        <source>Last time: {size} between {begin} and {end}.</source>
        <translation>마지막 불일치: {begin}~{end} 사이 {size}.</translation>
    </message>
    <message>
        <source>Checked</source>
        <translation>대조</translation>
    </message>
    <message>
        <source>Time since the trades added up to the exchange&apos;s volume</source>
        <translation>체결 합계가 거래소 거래량과 마지막으로 일치한 뒤 지난 시간</translation>
    </message>
</context>
<context>
    <name>CrossBar</name>
    <message>
        <source>Filter</source>
        <translation>필터</translation>
    </message>
    <message>
        <source>Size of a round trip</source>
        <translation>왕복 거래 금액</translation>
    </message>
    <message>
        <source>Premium, either way</source>
        <translation>프리미엄 (양방향)</translation>
    </message>
    <message>
        <source>Any</source>
        <translation>전체</translation>
    </message>
    <message>
        <source>Only with an edge after fees</source>
        <translation>수수료를 빼고도 차익이 있는 코인만</translation>
    </message>
    <message>
        <source>Only coins whose books are listened to</source>
        <translation>호가를 수신 중인 코인만</translation>
    </message>
    <message>
        <source>Fees, ages, outside price…</source>
        <translation>수수료, 유효 시간, 해외 시세…</translation>
    </message>
    <message>
        <source>Columns, as far as there is room</source>
        <translation>표시할 열 (자리가 되는 만큼)</translation>
    </message>
    <message>
        <source>Compare KRW with {quote}</source>
        <translation>원화 가격을 다른 마켓과 비교: {quote}</translation>
    </message>
    <message>
        <source>Options</source>
        <translation>설정</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>검색</translation>
    </message>
    <message>
        <source>Name, code or initial consonants ( / )</source>
        <translation>이름, 코드, 초성으로 찾기 ( / )</translation>
    </message>
    <message>
        <source>Search the list</source>
        <translation>목록에서 찾기</translation>
    </message>
</context>
<context>
    <name>CrossPane</name>
    <message>
        <source>Cross-market</source>
        <translation>마켓 간 비교</translation>
    </message>
    <message>
        <source>The list of symbols has not come yet</source>
        <translation>종목 목록을 아직 받지 못했습니다</translation>
    </message>
    <message>
        <source>{age} s</source>
        <translation>{age}초</translation>
    </message>
    <message>
        <source>live</source>
        <translation>실시간</translation>
    </message>
    <message>
        <source>not connected</source>
        <translation>연결 안 됨</translation>
    </message>
    <message>
        <source>no bank rate: type one in the settings</source>
        <translation>은행 환율 없음: 설정에서 입력하세요</translation>
    </message>
    <message>
        <source>typed</source>
        <translation>직접 입력</translation>
    </message>
    <message>
        <source>USD {rate} ({source})</source>
        <translation>달러 {rate}원 ({source})</translation>
    </message>
    <message>
        <source>Most is won with {size}: {gain} KRW</source>
        <translation>이익이 가장 큰 금액 {size}, 이익 {gain}원</translation>
    </message>
    <message>
        <source>Its books are not listened to: press Space to have them</source>
        <translation>호가를 수신하지 않는 코인입니다. Space 키를 누르면 수신합니다</translation>
    </message>
    <message>
        <source>No edge: a book is too old</source>
        <translation>차익 없음: 오래된 호가가 있습니다</translation>
    </message>
    <message>
        <source>No edge: trading is halted</source>
        <translation>차익 없음: 거래가 정지된 마켓이 있습니다</translation>
    </message>
    <message>
        <source>No edge: a book has no orders on one side</source>
        <translation>차익 없음: 한쪽이 빈 호가가 있습니다</translation>
    </message>
    <message>
        <source>No edge: the books do not hold this size</source>
        <translation>차익 없음: 이 금액만큼의 잔량이 없습니다</translation>
    </message>
    <message>
        <source>No edge: an order would be below the minimum</source>
        <translation>차익 없음: 최소 주문 금액에 못 미칩니다</translation>
    </message>
    <message>
        <source>Buy {size} on {market} up to {price}</source>
        <translation>{market} 매수 {size}, 가격 {price} 이하</translation>
    </message>
    <message>
        <source>Sell {size} on {market} down to {price}</source>
        <translation>{market} 매도 {size}, 가격 {price} 이상</translation>
    </message>
    <message>
        <source>Nothing here fits &quot;{typed}&quot;. Press Enter for {near}.</source>
        <translation>이 목록에는 &quot;{typed}&quot;에 맞는 종목이 없습니다. Enter 키를 누르면 바로 이동: {near}</translation>
    </message>
    <message>
        <source>No coin has an edge after fees now.</source>
        <translation>지금은 수수료를 빼고 차익이 남는 코인이 없습니다.</translation>
    </message>
    <message>
        <source>No coin passes the filter. Press {filter} to widen it.</source>
        <translation>필터에 맞는 코인이 없습니다. 조건을 넓히려면 누르세요: {filter}</translation>
    </message>
    <message>
        <source>Always listen to its books (Space)</source>
        <translation>항상 호가 수신 (Space)</translation>
    </message>
    <message>
        <source>Alert on the premium…</source>
        <translation>프리미엄 알림…</translation>
    </message>
    <message>
        <source>Alert on the edge…</source>
        <translation>차익 알림…</translation>
    </message>
    <message>
        <source>Show {market}</source>
        <translation>{market} 보기</translation>
    </message>
</context>
<context>
    <name>CrossView</name>
    <message>
        <source>Always listen to its books (Space)</source>
        <translation>항상 호가 수신 (Space)</translation>
    </message>
    <message>
        <source>s</source>
        <translation>초</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>이름</translation>
    </message>
    <message>
        <source>KRW/{quote}</source>
        <translation>KRW/{quote}</translation>
    </message>
    <message>
        <source>Pct. 30 d</source>
        <translation>30일 백분위</translation>
    </message>
    <message>
        <source>30 days</source>
        <translation>30일</translation>
    </message>
    <message>
        <source>Edge</source>
        <translation>차익</translation>
    </message>
    <message>
        <source>Way</source>
        <translation>방향</translation>
    </message>
    <message>
        <source>Up to</source>
        <translation>가능 금액</translation>
    </message>
    <message>
        <source>Kimchi, bank</source>
        <translation>김프 (은행)</translation>
    </message>
    <message>
        <source>Kimchi, USDT</source>
        <translation>김프 (USDT)</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>차이</translation>
    </message>
    <message>
        <source>Kimchi pct.</source>
        <translation>김프 백분위</translation>
    </message>
    <message>
        <source>Price in KRW: mid of the book, or the last trade where the book is not listened to</source>
        <translation>원화로 환산한 가격: 호가의 중간값이며, 호가를 수신하지 않으면 최근 체결가입니다</translation>
    </message>
    <message>
        <source>Seconds since the book, or the last trade, was heard of</source>
        <translation>호가 또는 최근 체결을 받은 뒤 지난 시간(초)</translation>
    </message>
    <message>
        <source>By how much the coin is dearer in KRW, with the other currency at its own KRW price</source>
        <translation>다른 마켓의 가격을 그 통화의 원화 시세로 환산했을 때 원화 가격이 얼마나 더 비싼지 보여 줍니다</translation>
    </message>
    <message>
        <source>So many percent of the last 30 days had no higher premium</source>
        <translation>최근 30일 중 프리미엄이 지금보다 높지 않았던 기간의 비율(%)</translation>
    </message>
    <message>
        <source>Premium of the last 30 days</source>
        <translation>최근 30일의 프리미엄</translation>
    </message>
    <message>
        <source>What the best round trip of this size wins, after fees, from what rests in the books</source>
        <translation>이 금액으로 가장 유리하게 왕복할 때 남는 비율로, 현재 호가 잔량과 수수료를 반영합니다</translation>
    </message>
    <message>
        <source>Where the coin is bought, and where it is sold</source>
        <translation>코인을 사는 마켓과 파는 마켓</translation>
    </message>
    <message>
        <source>The size at which the edge vanishes; + where the books end before</source>
        <translation>차익이 사라지는 금액이며, 그 전에 호가가 끝나면 +로 표시합니다</translation>
    </message>
    <message>
        <source>KRW price over the outside price, with the dollar at the bank&apos;s rate</source>
        <translation>은행 환율로 환산한 해외 시세 대비 원화 가격</translation>
    </message>
    <message>
        <source>KRW price over the outside price, with the dollar at KRW-USDT</source>
        <translation>KRW-USDT 시세로 환산한 해외 시세 대비 원화 가격</translation>
    </message>
    <message>
        <source>What a dollar costs more as USDT than at the bank</source>
        <translation>은행 환율보다 USDT로 살 때 달러가 더 비싼 정도</translation>
    </message>
    <message>
        <source>So many percent of the last 30 days had no higher kimchi premium (USDT)</source>
        <translation>최근 30일 중 김치 프리미엄(USDT)이 지금보다 높지 않았던 기간의 비율(%)</translation>
    </message>
    <message>
        <source>Age of {quote}</source>
        <translation>{quote} 경과 시간</translation>
    </message>
</context>
<context>
    <name>Crosses</name>
    <message>
        <source>Compare with {market} no more</source>
        <translation>{market} 비교 해제</translation>
    </message>
</context>
<context>
    <name>Desk</name>
    <message>
        <source>The settings could not be read. They are kept as {file}; the defaults are in force.</source>
        <translation>설정을 읽지 못해 {file} 파일로 남겨 두었습니다. 기본값을 사용합니다.</translation>
    </message>
    <message>
        <source>There are too many groups. Delete some first.</source>
        <translation>그룹이 너무 많습니다. 먼저 몇 개를 삭제하세요.</translation>
    </message>
    <message>
        <source>The desk is full. Close a pane, or open another desk.</source>
        <translation>데스크가 가득 찼습니다. 창을 닫거나 다른 데스크를 여세요.</translation>
    </message>
    <message>
        <source>There are too many alerts. Delete some first.</source>
        <translation>알림이 너무 많습니다. 먼저 일부를 삭제하세요.</translation>
    </message>
    <message>
        <source>Outside (demo)</source>
        <translation>해외 시세 (데모)</translation>
    </message>
    <message>
        <source>Copied {price}</source>
        <translation>{price} 복사됨</translation>
    </message>
</context>
<context>
    <name>DeskKeeper</name>
    <message>
        <source>The desk {name} could not be read ({why}). Another one is open.</source>
        <translation>읽지 못한 데스크: {name} ({why}). 다른 데스크가 열려 있습니다.</translation>
    </message>
    <message>
        <source>The desk was not renamed: {why}.</source>
        <translation>데스크 이름을 바꾸지 못했습니다: {why}.</translation>
    </message>
    <message>
        <source>The desk was not deleted: {why}.</source>
        <translation>데스크를 삭제하지 못했습니다: {why}.</translation>
    </message>
    <message>
        <source>The desk could not be written to {path}: {why}.</source>
        <translation>데스크를 저장하지 못했습니다: {path} ({why}).</translation>
    </message>
    <message>
        <source>The desk was written to {path}.</source>
        <translation>데스크를 저장했습니다: {path}</translation>
    </message>
    <message>
        <source>{path} holds no desk that can be opened: {why}.</source>
        <translation>열 수 있는 데스크가 아닙니다: {path} ({why}).</translation>
    </message>
</context>
<context>
    <name>Dialogs</name>
    <message>
        <source>There are too many alerts. Delete some first.</source>
        <translation>알림이 너무 많습니다. 먼저 일부를 삭제하세요.</translation>
    </message>
    <message>
        <source>There are too many strategies. Delete some first.</source>
        <translation>전략이 너무 많습니다. 먼저 일부를 삭제하세요.</translation>
    </message>
    <message>
        <source>Change the symbol</source>
        <translation>종목 바꾸기</translation>
    </message>
    <message>
        <source>Type letters on any pane: a code, a name, or initial consonants. Or drop a symbol on it.</source>
        <translation>아무 창에서나 글자를 치세요. 코드, 이름, 초성 모두 됩니다. 종목을 끌어다 놓아도 됩니다.</translation>
    </message>
    <message>
        <source>Panes of one colour change together</source>
        <translation>같은 색 창은 함께 바뀝니다</translation>
    </message>
    <message>
        <source>Chart, order book and trades with the same number show the same symbol. Press it to change.</source>
        <translation>번호가 같은 차트, 호가, 체결은 같은 종목을 보여 줍니다. 번호를 누르면 바꿀 수 있습니다.</translation>
    </message>
    <message>
        <source>Add panes, find everything</source>
        <translation>창 추가, 무엇이든 찾기</translation>
    </message>
    <message>
        <source>Drag a pane from here to where it shall be. Ctrl+K finds every command, F1 shows the keys.</source>
        <translation>여기서 창을 원하는 자리로 끌어다 놓으세요. Ctrl+K로 모든 명령을 찾고, F1로 단축키를 봅니다.</translation>
    </message>
    <message>
        <source>Rename the desk</source>
        <translation>데스크 이름 바꾸기</translation>
    </message>
    <message>
        <source>Name of the desk</source>
        <translation>데스크 이름</translation>
    </message>
    <message>
        <source>Delete the desk</source>
        <translation>데스크 삭제</translation>
    </message>
    <message>
        <source>Delete the desk {name}? Its panes close; another desk opens.</source>
        <translation>이 데스크를 삭제할까요? {name}
창이 모두 닫히고 다른 데스크가 열립니다.</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>삭제</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>그대로 두기</translation>
    </message>
    <message>
        <source>Export the desk</source>
        <translation>데스크 내보내기</translation>
    </message>
    <message>
        <source>Desks (*.json)</source>
        <translation>데스크 (*.json)</translation>
    </message>
    <message>
        <source>Import a desk</source>
        <translation>데스크 가져오기</translation>
    </message>
</context>
<context>
    <name>Disk</name>
    <message>
        <source>The desk or the settings cannot be saved ({why}). Is the disk full or read-only?</source>
        <translation>데스크나 설정을 저장할 수 없습니다({why}). 디스크가 가득 찼거나 쓰기 금지인지 확인하세요.</translation>
    </message>
</context>
<context>
    <name>DomView</name>
    <message>
        <source>Bids</source>
        <translation>매수 잔량</translation>
    </message>
    <message>
        <source>Sold</source>
        <translation>매도 체결</translation>
    </message>
    <message>
        <source>Price</source>
        <translation>가격</translation>
    </message>
    <message>
        <source>Bought</source>
        <translation>매수 체결</translation>
    </message>
    <message>
        <source>Asks</source>
        <translation>매도 잔량</translation>
    </message>
    <message>
        <source>Own</source>
        <translation>내 주문</translation>
    </message>
    <message>
        <source>Sold {sold}, bought {bought} {base} here, {time}</source>
        <translation>이 가격의 체결 ({time}): 매도 {sold}, 매수 {bought} {base}</translation>
    </message>
    <message>
        <source>2 min</source>
        <translation>2분</translation>
    </message>
    <message>
        <source>The last two minutes</source>
        <translation>최근 2분 호가 변화</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>잔량</translation>
    </message>
    <message>
        <source>Vol</source>
        <translation>체결</translation>
    </message>
</context>
<context>
    <name>DrawingBar</name>
    <message>
        <source>Magnet to open, high, low, close</source>
        <translation>시가·고가·저가·종가에 자석</translation>
    </message>
    <message>
        <source>Hide the drawings</source>
        <translation>그림 숨기기</translation>
    </message>
    <message>
        <source>Delete all that are not locked</source>
        <translation>잠그지 않은 그림 모두 삭제</translation>
    </message>
    <message>
        <source>As it was traded, also with Heikin-Ashi</source>
        <translation>하이킨아시에서도 실제 체결 가격에 맞춥니다</translation>
    </message>
</context>
<context>
    <name>DrawingButton</name>
    <message>
        <source>Draw</source>
        <translation>그리기</translation>
    </message>
    <message>
        <source>Draw on the chart</source>
        <translation>차트에 그리기</translation>
    </message>
</context>
<context>
    <name>DrawingCenter</name>
    <message>
        <source>Some drawings could not be read. The file is kept as {file}.</source>
        <translation>일부 그림을 읽을 수 없습니다. 파일은 {file} 이름으로 보관했습니다.</translation>
    </message>
    <message>
        <source>The drawings can be neither read nor moved ({file}). New ones last until the program ends.</source>
        <translation>그림 파일을 읽을 수도 옮길 수도 없습니다({file}). 새 그림은 프로그램을 끝낼 때까지만 유지됩니다.</translation>
    </message>
</context>
<context>
    <name>DrawingLine</name>
    <message>
        <source>Text on the chart</source>
        <translation>차트의 글</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>글</translation>
    </message>
</context>
<context>
    <name>DrawingMenu</name>
    <message>
        <source>Change the text</source>
        <translation>글 고치기</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>복사</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>삭제</translation>
    </message>
    <message>
        <source>Locked</source>
        <translation>잠금</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>색</translation>
    </message>
    <message>
        <source>Colour {}</source>
        <translation>색 {}</translation>
    </message>
    <message>
        <source>The usual colour</source>
        <translation>기본 색</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>굵기</translation>
    </message>
    <message>
        <source>{} px</source>
        <translation>{}px</translation>
    </message>
    <message>
        <source>Levels</source>
        <translation>되돌림 비율</translation>
    </message>
</context>
<context>
    <name>Drawings</name>
    <message>
        <source>Trend line</source>
        <translation>추세선</translation>
    </message>
    <message>
        <source>Ray</source>
        <translation>반직선</translation>
    </message>
    <message>
        <source>Horizontal line</source>
        <translation>수평선</translation>
    </message>
    <message>
        <source>Rectangle</source>
        <translation>사각형</translation>
    </message>
    <message>
        <source>Fibonacci retracement</source>
        <translation>피보나치 되돌림</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>구간 측정</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>글</translation>
    </message>
    <message>
        <source>{}d</source>
        <translation>{}일</translation>
    </message>
    <message>
        <source>{}h</source>
        <translation>{}시간</translation>
    </message>
    <message>
        <source>{}m</source>
        <translation>{}분</translation>
    </message>
    <message>
        <source>{}s</source>
        <translation>{}초</translation>
    </message>
    <message>
        <source>{} bars</source>
        <translation>봉 {}개</translation>
    </message>
</context>
<context>
    <name>FindingsList</name>
    <message>
        <source>What is unusual</source>
        <translation>특이 종목</translation>
    </message>
    <message>
        <source>Nothing unusual yet. What is found in the market is listed here.</source>
        <translation>아직 특이 종목이 없습니다. 포착된 종목이 여기에 표시됩니다.</translation>
    </message>
</context>
<context>
    <name>History</name>
    <message>
        <source>The kept history was made by a newer Hoga. It stands aside as {file}; a new one is begun.</source>
        <translation>보관된 시세 기록이 더 새로운 버전의 Hoga에서 만들어졌습니다. {file} 이름으로 따로 보관하고 새 기록을 시작합니다.</translation>
    </message>
    <message>
        <source>The kept history is damaged. It stands aside as {file}; the exchange is asked again.</source>
        <translation>보관된 시세 기록이 손상되었습니다. {file} 이름으로 따로 보관하고 거래소에서 다시 받습니다.</translation>
    </message>
    <message>
        <source>Part of the kept history was damaged; the exchange is asked for it again.</source>
        <translation>보관된 시세 기록의 일부가 손상되어 거래소에서 다시 받습니다.</translation>
    </message>
    <message>
        <source>Another program holds the kept history ({file}). Charts go on without it.</source>
        <translation>다른 프로그램이 시세 기록을 사용하고 있습니다({file}). 차트는 기록 없이 계속됩니다.</translation>
    </message>
    <message>
        <source>The disk is full: candles and trades are not kept in {file}. Charts go on.</source>
        <translation>디스크가 가득 차서 캔들과 체결을 저장하지 못합니다({file}). 차트는 계속됩니다.</translation>
    </message>
    <message>
        <source>Candles and trades cannot be kept in {file}. Is the folder read-only? Charts go on.</source>
        <translation>캔들과 체결을 저장할 수 없습니다({file}). 폴더가 읽기 전용인지 확인하세요. 차트는 계속됩니다.</translation>
    </message>
    <message>
        <source>The kept history can be neither used nor moved ({file}). Charts go on without it.</source>
        <translation>보관된 시세 기록을 사용할 수도 옮길 수도 없습니다({file}). 차트는 기록 없이 계속됩니다.</translation>
    </message>
</context>
<context>
    <name>Indicators</name>
    <message>
        <source>Moving average (SMA)</source>
        <translation>이동평균 (SMA)</translation>
    </message>
    <message>
        <source>Exponential moving average (EMA)</source>
        <translation>지수이동평균 (EMA)</translation>
    </message>
    <message>
        <source>Weighted moving average (WMA)</source>
        <translation>가중이동평균 (WMA)</translation>
    </message>
    <message>
        <source>Bollinger bands</source>
        <translation>볼린저 밴드</translation>
    </message>
    <message>
        <source>Volume-weighted average (VWAP)</source>
        <translation>거래량 가중 평균 (VWAP)</translation>
    </message>
    <message>
        <source>Anchored VWAP</source>
        <translation>기준점 VWAP</translation>
    </message>
    <message>
        <source>Ichimoku cloud</source>
        <translation>일목균형표</translation>
    </message>
    <message>
        <source>Volume average</source>
        <translation>거래량 이동평균</translation>
    </message>
    <message>
        <source>Relative strength (RSI)</source>
        <translation>상대강도지수 (RSI)</translation>
    </message>
    <message>
        <source>MACD</source>
        <translation>MACD</translation>
    </message>
    <message>
        <source>Stochastic</source>
        <translation>스토캐스틱</translation>
    </message>
    <message>
        <source>Average true range (ATR)</source>
        <translation>평균 실질 변동폭 (ATR)</translation>
    </message>
    <message>
        <source>On-balance volume (OBV)</source>
        <translation>누적 거래량 (OBV)</translation>
    </message>
    <message>
        <source>SMA</source>
        <translation>이평</translation>
    </message>
    <message>
        <source>EMA</source>
        <translation>지수이평</translation>
    </message>
    <message>
        <source>WMA</source>
        <translation>가중이평</translation>
    </message>
    <message>
        <source>BB</source>
        <translation>볼린저</translation>
    </message>
    <message>
        <source>VWAP</source>
        <translation>거래량 가중 평균가 (VWAP)</translation>
    </message>
    <message>
        <source>AVWAP</source>
        <translation>기준점 VWAP</translation>
    </message>
    <message>
        <source>Ichimoku</source>
        <translation>일목</translation>
    </message>
    <message>
        <source>Vol avg</source>
        <translation>거래량 이평</translation>
    </message>
    <message>
        <source>RSI</source>
        <translation>RSI</translation>
    </message>
    <message>
        <source>Stoch</source>
        <translation>스토캐스틱</translation>
    </message>
    <message>
        <source>ATR</source>
        <translation>ATR</translation>
    </message>
    <message>
        <source>OBV</source>
        <translation>OBV</translation>
    </message>
    <message>
        <source>Bars</source>
        <translation>기간 (봉)</translation>
    </message>
    <message>
        <source>Standard deviations</source>
        <translation>표준편차 배수</translation>
    </message>
    <message>
        <source>Begins anew each</source>
        <translation>새로 시작하는 주기</translation>
    </message>
    <message>
        <source>From (time in Korea)</source>
        <translation>시작 시각 (한국 시간)</translation>
    </message>
    <message>
        <source>Conversion line, bars</source>
        <translation>전환선 (봉)</translation>
    </message>
    <message>
        <source>Base line, bars</source>
        <translation>기준선 (봉)</translation>
    </message>
    <message>
        <source>Leading span B, bars</source>
        <translation>선행스팬 B (봉)</translation>
    </message>
    <message>
        <source>Shift, bars</source>
        <translation>이동 (봉)</translation>
    </message>
    <message>
        <source>Fast average, bars</source>
        <translation>단기 이평 (봉)</translation>
    </message>
    <message>
        <source>Slow average, bars</source>
        <translation>장기 이평 (봉)</translation>
    </message>
    <message>
        <source>Signal line, bars</source>
        <translation>시그널선 (봉)</translation>
    </message>
    <message>
        <source>Smoothing, bars</source>
        <translation>평활 (봉)</translation>
    </message>
    <message>
        <source>Day (09:00)</source>
        <translation>일 (09:00)</translation>
    </message>
    <message>
        <source>Week</source>
        <translation>주</translation>
    </message>
    <message>
        <source>Month</source>
        <translation>월</translation>
    </message>
    <message>
        <source>Line</source>
        <translation>선</translation>
    </message>
    <message>
        <source>Middle</source>
        <translation>중심선</translation>
    </message>
    <message>
        <source>Upper band</source>
        <translation>상단 밴드</translation>
    </message>
    <message>
        <source>Lower band</source>
        <translation>하단 밴드</translation>
    </message>
    <message>
        <source>Conversion line</source>
        <translation>전환선</translation>
    </message>
    <message>
        <source>Base line</source>
        <translation>기준선</translation>
    </message>
    <message>
        <source>Leading span A</source>
        <translation>선행스팬 A</translation>
    </message>
    <message>
        <source>Leading span B</source>
        <translation>선행스팬 B</translation>
    </message>
    <message>
        <source>Lagging span</source>
        <translation>후행스팬</translation>
    </message>
    <message>
        <source>Histogram</source>
        <translation>히스토그램</translation>
    </message>
    <message>
        <source>MACD line</source>
        <translation>MACD선</translation>
    </message>
    <message>
        <source>Signal line</source>
        <translation>시그널선</translation>
    </message>
    <message>
        <source>%K</source>
        <translation>%K</translation>
    </message>
    <message>
        <source>%D</source>
        <translation>%D</translation>
    </message>
    <message>
        <source>Volume delta</source>
        <translation>거래량 델타</translation>
    </message>
    <message>
        <source>Cumulative volume delta (CVD)</source>
        <translation>누적 거래량 델타 (CVD)</translation>
    </message>
    <message>
        <source>Volume profile of the visible range</source>
        <translation>보이는 구간 매물대</translation>
    </message>
    <message>
        <source>Delta</source>
        <translation>델타</translation>
    </message>
    <message>
        <source>CVD</source>
        <translation>CVD</translation>
    </message>
    <message>
        <source>VP</source>
        <translation>매물대</translation>
    </message>
    <message>
        <source>Rows, at most</source>
        <translation>최대 가격 구간 수</translation>
    </message>
    <message>
        <source>Value area, %</source>
        <translation>밸류 에어리어 (%)</translation>
    </message>
    <message>
        <source>Side</source>
        <translation>위치</translation>
    </message>
    <message>
        <source>Width, % of the chart</source>
        <translation>너비 (차트의 %)</translation>
    </message>
    <message>
        <source>Gap only</source>
        <translation>빈 구간만</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>오른쪽</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>왼쪽</translation>
    </message>
    <message>
        <source>Point of control</source>
        <translation>최다 거래 가격 (POC)</translation>
    </message>
    <message>
        <source>Value area, upper end</source>
        <translation>밸류 에어리어 상단 (VAH)</translation>
    </message>
    <message>
        <source>Value area, lower end</source>
        <translation>밸류 에어리어 하단 (VAL)</translation>
    </message>
    <message>
        <source>Trades not loaded</source>
        <translation>체결 내역 없음</translation>
    </message>
    <message>
        <source>Trades not loaded: the sum begins anew behind the gap</source>
        <translation>체결 내역 없음: 빈 구간 다음부터 새로 누적합니다</translation>
    </message>
    <message>
        <source>{bought} bought, {sold} sold</source>
        <translation>매수 {bought} · 매도 {sold}</translation>
    </message>
    <message>
        <source>trades</source>
        <translation>체결</translation>
    </message>
    <message>
        <source>estimated</source>
        <translation>추정</translation>
    </message>
    <message>
        <source>{share} est.</source>
        <translation>{share} 추정</translation>
    </message>
</context>
<context>
    <name>IntervalBar</name>
    <message>
        <source>Chart</source>
        <translation>차트</translation>
    </message>
    <message>
        <source>1s</source>
        <translation>1초</translation>
    </message>
    <message>
        <source>1m</source>
        <translation>1분</translation>
    </message>
    <message>
        <source>3m</source>
        <translation>3분</translation>
    </message>
    <message>
        <source>5m</source>
        <translation>5분</translation>
    </message>
    <message>
        <source>10m</source>
        <translation>10분</translation>
    </message>
    <message>
        <source>15m</source>
        <translation>15분</translation>
    </message>
    <message>
        <source>30m</source>
        <translation>30분</translation>
    </message>
    <message>
        <source>1h</source>
        <translation>1시간</translation>
    </message>
    <message>
        <source>4h</source>
        <translation>4시간</translation>
    </message>
    <message>
        <source>D</source>
        <translation>일</translation>
    </message>
    <message>
        <source>W</source>
        <translation>주</translation>
    </message>
    <message>
        <source>M</source>
        <translation>월</translation>
    </message>
    <message>
        <source>Interval {}</source>
        <translation>{}봉</translation>
    </message>
    <message>
        <source>How the chart looks</source>
        <translation>차트 모양</translation>
    </message>
    <message>
        <source>More intervals</source>
        <translation>봉 주기 더 보기</translation>
    </message>
    <message>
        <source>Indicators</source>
        <translation>지표</translation>
    </message>
</context>
<context>
    <name>IntervalEntry</name>
    <message>
        <source>1 second</source>
        <translation>1초</translation>
    </message>
    <message>
        <source>1 minute</source>
        <translation>1분</translation>
    </message>
    <message>
        <source>3 minutes</source>
        <translation>3분</translation>
    </message>
    <message>
        <source>5 minutes</source>
        <translation>5분</translation>
    </message>
    <message>
        <source>10 minutes</source>
        <translation>10분</translation>
    </message>
    <message>
        <source>15 minutes</source>
        <translation>15분</translation>
    </message>
    <message>
        <source>30 minutes</source>
        <translation>30분</translation>
    </message>
    <message>
        <source>1 hour</source>
        <translation>1시간</translation>
    </message>
    <message>
        <source>4 hours</source>
        <translation>4시간</translation>
    </message>
    <message>
        <source>1 day</source>
        <translation>1일</translation>
    </message>
    <message>
        <source>1 week</source>
        <translation>1주</translation>
    </message>
    <message>
        <source>1 month</source>
        <translation>1개월</translation>
    </message>
    <message>
        <source>Interval</source>
        <translation>주기</translation>
    </message>
    <message>
        <source>Enter applies it. Or go on: {typing}</source>
        <translation>Enter로 적용, 계속 입력: {typing}</translation>
    </message>
    <message>
        <source>Type {typing}</source>
        <translation>입력: {typing}</translation>
    </message>
    <message>
        <source>There is no interval of this length</source>
        <translation>없는 주기입니다</translation>
    </message>
    <message>
        <source>There are: {all}</source>
        <translation>사용할 수 있는 주기: {all}</translation>
    </message>
</context>
<context>
    <name>Keymap</name>
    <message>
        <source>{title}: press for one beside the pane in use, or drag it</source>
        <translation>{title}: 누르면 쓰던 창 옆에 열리고, 끌면 원하는 자리에 놓입니다</translation>
    </message>
</context>
<context>
    <name>KeysPage</name>
    <message>
        <source>Search by name or keys</source>
        <translation>이름이나 단축키로 검색</translation>
    </message>
    <message>
        <source>Search for a command</source>
        <translation>명령 검색</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>명령</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>그룹</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>단축키</translation>
    </message>
    <message>
        <source>Commands and their keys</source>
        <translation>명령과 단축키</translation>
    </message>
    <message>
        <source>Press the new keys</source>
        <translation>새 단축키를 누르세요</translation>
    </message>
    <message>
        <source>New keys of the chosen command</source>
        <translation>선택한 명령의 새 단축키</translation>
    </message>
    <message>
        <source>No keys</source>
        <translation>단축키 없음</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>초기화</translation>
    </message>
    <message>
        <source>Reset all</source>
        <translation>모두 초기화</translation>
    </message>
    <message>
        <source>Take</source>
        <translation>가져오기</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>그대로 두기</translation>
    </message>
    <message>
        <source>Default: {keys}</source>
        <translation>기본값: {keys}</translation>
    </message>
    <message>
        <source>&quot;{command}&quot; has these keys: {keys}. Take them away from there?</source>
        <translation>다른 명령 &quot;{command}&quot; 에서 쓰는 단축키입니다: {keys}. 가져올까요?</translation>
    </message>
</context>
<context>
    <name>LadderView</name>
    <message>
        <source>Size</source>
        <translation>잔량</translation>
    </message>
    <message>
        <source>Price</source>
        <translation>가격</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>전일대비</translation>
    </message>
    <message>
        <source>Cumulative</source>
        <translation>누적</translation>
    </message>
    <message>
        <source>Cumulative value</source>
        <translation>누적 금액</translation>
    </message>
    <message>
        <source>Changed</source>
        <translation>변화</translation>
    </message>
</context>
<context>
    <name>LiveButton</name>
    <message>
        <source>Go to the newest bar</source>
        <translation>최신 봉으로 이동</translation>
    </message>
    <message>
        <source>Go to the newest bar (End)</source>
        <translation>최신 봉으로 이동 (End)</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Opening the desk…</source>
        <translation>화면을 여는 중…</translation>
    </message>
    <message>
        <source>DEMO, not market prices</source>
        <translation>데모, 실제 시세가 아닙니다</translation>
    </message>
    <message>
        <source>the built-in exchange</source>
        <translation>데모 거래소</translation>
    </message>
    <message>
        <source>Connected to {name}</source>
        <translation>{name} 연결됨</translation>
    </message>
    <message>
        <source>{up} of {all} connections to {name} are up</source>
        <translation>{name} 연결 {all}개 중 {up}개 연결됨</translation>
    </message>
    <message>
        <source>Connecting to {name}</source>
        <translation>{name} 연결 중</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>지우기</translation>
    </message>
    <message>
        <source>Message: {text}</source>
        <translation>알림: {text}</translation>
    </message>
    <message>
        <source>Desk</source>
        <translation>데스크</translation>
    </message>
    <message>
        <source>Pane</source>
        <translation>창</translation>
    </message>
    <message>
        <source>View</source>
        <translation>보기</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>도움말</translation>
    </message>
</context>
<context>
    <name>MarketList</name>
    <message>
        <source>H</source>
        <translation>정</translation>
    </message>
    <message>
        <source>Trading is halted</source>
        <translation>거래 정지</translation>
    </message>
    <message>
        <source>W</source>
        <translation>유</translation>
    </message>
    <message>
        <source>Investment warning</source>
        <translation>유의 종목</translation>
    </message>
    <message>
        <source>C</source>
        <translation>주</translation>
    </message>
    <message>
        <source>Caution</source>
        <translation>주의 종목</translation>
    </message>
    <message>
        <source>Symbols</source>
        <translation>종목</translation>
    </message>
</context>
<context>
    <name>MarketPicker</name>
    <message>
        <source>Name, code or initial consonants</source>
        <translation>코인명, 심볼, 초성 검색</translation>
    </message>
    <message>
        <source>Search for a symbol</source>
        <translation>종목 검색</translation>
    </message>
    <message>
        <source>The list of symbols has not come yet.</source>
        <translation>종목 목록을 아직 받지 못했습니다.</translation>
    </message>
    <message>
        <source>Nothing fits &quot;{typed}&quot;. Did you mean {near}?</source>
        <translation>&quot;{typed}&quot;에 맞는 종목이 없습니다. 혹시 {near}인가요?</translation>
    </message>
    <message>
        <source>Nothing fits &quot;{typed}&quot;. Try a code such as BTC, or a part of the name.</source>
        <translation>&quot;{typed}&quot;에 맞는 종목이 없습니다. BTC 같은 심볼이나 이름 일부로 찾아보세요.</translation>
    </message>
</context>
<context>
    <name>MarketsBar</name>
    <message>
        <source>Favourites</source>
        <translation>관심</translation>
    </message>
    <message>
        <source>{quote} markets</source>
        <translation>{quote} 마켓</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>검색</translation>
    </message>
    <message>
        <source>Name, code or initial consonants ( / )</source>
        <translation>코인명, 심볼, 초성 검색 ( / )</translation>
    </message>
    <message>
        <source>Search the list</source>
        <translation>목록에서 종목 검색</translation>
    </message>
</context>
<context>
    <name>MarketsPane</name>
    <message>
        <source>Markets</source>
        <translation>종목 목록</translation>
    </message>
    <message>
        <source>The list of symbols has not come yet</source>
        <translation>종목 목록을 아직 받지 못했습니다</translation>
    </message>
    <message>
        <source>Nothing here fits &quot;{typed}&quot;. Press Enter for {near}.</source>
        <translation>이 목록에는 &quot;{typed}&quot;에 맞는 종목이 없습니다. Enter 키를 누르면 바로 이동: {near}</translation>
    </message>
    <message>
        <source>Nothing fits &quot;{typed}&quot;. Try a code such as BTC, or a part of the name.</source>
        <translation>&quot;{typed}&quot;에 맞는 종목이 없습니다. BTC 같은 심볼이나 이름 일부로 찾아보세요.</translation>
    </message>
    <message>
        <source>No favourites yet. Click the star of a symbol, or press Space on it.</source>
        <translation>아직 관심 종목이 없습니다. 종목 앞의 별을 누르거나 종목에서 스페이스 키를 누르세요.</translation>
    </message>
    <message>
        <source>The exchange lists no {quote} markets.</source>
        <translation>거래소에 {quote} 마켓 종목이 없습니다.</translation>
    </message>
</context>
<context>
    <name>MarketsView</name>
    <message>
        <source>Name</source>
        <translation>종목명</translation>
    </message>
    <message>
        <source>Price</source>
        <translation>현재가</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>전일대비</translation>
    </message>
    <message>
        <source>Turnover</source>
        <translation>거래대금</translation>
    </message>
    <message>
        <source>Click to sort, again to turn round (Shift and arrow keys)</source>
        <translation>눌러서 정렬, 다시 누르면 반대로 (Shift와 방향키)</translation>
    </message>
    <message>
        <source>Favourite (Space)</source>
        <translation>관심 종목 (스페이스)</translation>
    </message>
</context>
<context>
    <name>Menus</name>
    <message>
        <source>Alert at {price}</source>
        <translation>이 가격에 알림: {price}</translation>
    </message>
    <message>
        <source>Another alert…</source>
        <translation>다른 알림…</translation>
    </message>
    <message>
        <source>Delete the alert at {price}</source>
        <translation>알림 삭제: {price}</translation>
    </message>
    <message>
        <source>Link group</source>
        <translation>연동 그룹</translation>
    </message>
    <message>
        <source>Own orders and fills</source>
        <translation>내 주문과 체결</translation>
    </message>
    <message>
        <source>Anchored VWAP from this bar</source>
        <translation>이 봉부터 기준점 VWAP 그리기</translation>
    </message>
    <message>
        <source>Picture and data</source>
        <translation>그림과 데이터</translation>
    </message>
    <message>
        <source>Mark {price} and copy it</source>
        <translation>{price} 표시하고 복사</translation>
    </message>
    <message>
        <source>Copy {price}</source>
        <translation>{price} 복사</translation>
    </message>
</context>
<context>
    <name>Messages</name>
    <message>
        <source>Live</source>
        <translation>실시간</translation>
    </message>
    <message>
        <source>Press for all connections.</source>
        <translation>누르면 모든 연결을 봅니다.</translation>
    </message>
    <message>
        <source>Connecting</source>
        <translation>연결 중</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>연결됨</translation>
    </message>
    <message>
        <source>Waits for the next try</source>
        <translation>재시도 대기</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>거부됨</translation>
    </message>
    <message>
        <source>Closed</source>
        <translation>닫힘</translation>
    </message>
    <message>
        <source>Not asked for</source>
        <translation>요청 안 함</translation>
    </message>
    <message>
        <source>No data yet</source>
        <translation>아직 데이터 없음</translation>
    </message>
    <message>
        <source>Not live</source>
        <translation>실시간 아님</translation>
    </message>
    <message>
        <source>Does not answer</source>
        <translation>응답 없음</translation>
    </message>
    <message>
        <source>No symbol</source>
        <translation>종목 없음</translation>
    </message>
    <message>
        <source>Type a name or code to choose one.</source>
        <translation>이름이나 심볼을 입력해 종목을 고르세요.</translation>
    </message>
    <message>
        <source>Loading</source>
        <translation>불러오는 중</translation>
    </message>
    <message>
        <source>Waiting for live data</source>
        <translation>실시간 데이터를 기다리는 중</translation>
    </message>
    <message>
        <source>Not live, last data {age} ago</source>
        <translation>실시간 아님 · {age} 전 데이터</translation>
    </message>
    <message>
        <source>{market} does not answer</source>
        <translation>{market} 응답 없음</translation>
    </message>
    <message>
        <source>The exchange sends nothing for it: it may be delisted. Type to choose another symbol.</source>
        <translation>거래소에서 데이터가 오지 않습니다. 거래지원이 종료된 종목일 수 있습니다. 다른 종목을 입력해 고르세요.</translation>
    </message>
    <message>
        <source>The demo exchange</source>
        <translation>데모 거래소</translation>
    </message>
    <message>
        <source>Upbit</source>
        <translation>업비트</translation>
    </message>
    <message>
        <source>Too many requests</source>
        <translation>요청이 너무 많습니다</translation>
    </message>
    <message>
        <source>Blocked by the exchange for a while</source>
        <translation>거래소가 접속을 잠시 차단했습니다</translation>
    </message>
    <message>
        <source>The exchange refused the key</source>
        <translation>거래소가 API 키를 거부했습니다</translation>
    </message>
    <message>
        <source>The exchange refused the request</source>
        <translation>거래소가 요청을 거부했습니다</translation>
    </message>
    <message>
        <source>{name} cannot be reached</source>
        <translation>{name}에 연결할 수 없습니다</translation>
    </message>
    <message>
        <source>The name was not found. Check the network connection.</source>
        <translation>서버 주소를 찾지 못했습니다. 네트워크 연결을 확인하세요.</translation>
    </message>
    <message>
        <source>Nothing answers at its address. It may be down, or a firewall is in the way.</source>
        <translation>서버가 응답하지 않습니다. 서버가 멈췄거나 방화벽이 막고 있을 수 있습니다.</translation>
    </message>
    <message>
        <source>The secure connection failed. Check the clock of this computer and any proxy.</source>
        <translation>보안 연결에 실패했습니다. 컴퓨터의 시계와 프록시를 확인하세요.</translation>
    </message>
    <message>
        <source>The proxy does not let the connection through. Check the proxy settings.</source>
        <translation>프록시가 연결을 막았습니다. 프록시 설정을 확인하세요.</translation>
    </message>
    <message>
        <source>No answer in time. Check the network connection.</source>
        <translation>응답 시간이 초과되었습니다. 네트워크 연결을 확인하세요.</translation>
    </message>
    <message>
        <source>The connection was closed.</source>
        <translation>연결이 끊어졌습니다.</translation>
    </message>
    <message>
        <source>The exchange has a fault or is under maintenance.</source>
        <translation>거래소에 장애가 있거나 점검 중입니다.</translation>
    </message>
    <message>
        <source>The exchange asks to wait.</source>
        <translation>거래소가 잠시 기다리라고 합니다.</translation>
    </message>
    <message>
        <source>Check the key and the addresses it may be used from.</source>
        <translation>API 키와 허용 IP 주소를 확인하세요.</translation>
    </message>
    <message>
        <source>Choose another symbol, or try again.</source>
        <translation>다른 종목을 고르거나 다시 시도하세요.</translation>
    </message>
    <message>
        <source>The network failed.</source>
        <translation>네트워크 오류입니다.</translation>
    </message>
    <message>
        <source>Next try in {seconds} s.</source>
        <translation>{seconds}초 후 다시 시도합니다.</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>다시 시도</translation>
    </message>
    <message>
        <source>Open the demo exchange</source>
        <translation>데모 거래소 열기</translation>
    </message>
    <message>
        <source>{rate} on the day</source>
        <translation>전일대비 {rate}</translation>
    </message>
    <message>
        <source>{rate} in {n} min</source>
        <translation>{n}분간 {rate}</translation>
    </message>
    <message>
        <source>{times} times the usual volume</source>
        <translation>거래량 평소의 {times}배</translation>
    </message>
    <message>
        <source>New high of {n} days</source>
        <translation>{n}일 신고가</translation>
    </message>
    <message>
        <source>New low of {n} days</source>
        <translation>{n}일 신저가</translation>
    </message>
    <message>
        <source>Wide spread: {rate}</source>
        <translation>호가 차이 확대: {rate}</translation>
    </message>
    <message>
        <source>Large order bought {worth}</source>
        <translation>대량 매수 {worth}</translation>
    </message>
    <message>
        <source>Large order sold {worth}</source>
        <translation>대량 매도 {worth}</translation>
    </message>
    <message>
        <source>Newly listed</source>
        <translation>신규 상장</translation>
    </message>
    <message>
        <source>No longer listed</source>
        <translation>상장 폐지</translation>
    </message>
    <message>
        <source>at or above {value}</source>
        <translation>{value} 이상</translation>
    </message>
    <message>
        <source>at or below {value}</source>
        <translation>{value} 이하</translation>
    </message>
    <message>
        <source>reaches {value}</source>
        <translation>{value} 도달</translation>
    </message>
    <message>
        <source>Price {way}</source>
        <translation>가격 {way}</translation>
    </message>
    <message>
        <source>Change of the day {way}</source>
        <translation>전일대비 {way}</translation>
    </message>
    <message>
        <source>Change in {n} min {way}</source>
        <translation>{n}분 등락률 {way}</translation>
    </message>
    <message>
        <source>Turnover in {n} min {way}</source>
        <translation>{n}분 거래대금 {way}</translation>
    </message>
    <message>
        <source>Spread {way}</source>
        <translation>호가차 {way}</translation>
    </message>
    <message>
        <source>Imbalance of the book {way}</source>
        <translation>호가 잔량 불균형 {way}</translation>
    </message>
    <message>
        <source>No connection for {n} s</source>
        <translation>연결 끊김 {n}초</translation>
    </message>
    <message>
        <source>Signal of strategy {id}</source>
        <translation>{id}번 전략의 신호</translation>
    </message>
    <message>
        <source>Signal of a strategy</source>
        <translation>전략 신호</translation>
    </message>
    <message>
        <source>Notice: {kinds}</source>
        <translation>공지: {kinds}</translation>
    </message>
    <message>
        <source>Notice</source>
        <translation>공지</translation>
    </message>
    <message>
        <source>Anything unusual</source>
        <translation>특이 종목</translation>
    </message>
    <message>
        <source>Change of the day</source>
        <translation>전일대비 등락률</translation>
    </message>
    <message>
        <source>Fast move</source>
        <translation>단기 급등락</translation>
    </message>
    <message>
        <source>Volume burst</source>
        <translation>거래량 급증</translation>
    </message>
    <message>
        <source>New high</source>
        <translation>신고가</translation>
    </message>
    <message>
        <source>New low</source>
        <translation>신저가</translation>
    </message>
    <message>
        <source>Wide spread</source>
        <translation>호가 차이 확대</translation>
    </message>
    <message>
        <source>Large order</source>
        <translation>대량 주문</translation>
    </message>
    <message>
        <source>Listing</source>
        <translation>신규 상장</translation>
    </message>
    <message>
        <source>Delisting</source>
        <translation>상장 폐지</translation>
    </message>
    <message>
        <source>Trading</source>
        <translation>거래</translation>
    </message>
    <message>
        <source>Wallets</source>
        <translation>입출금</translation>
    </message>
    <message>
        <source>Maintenance</source>
        <translation>점검</translation>
    </message>
    <message>
        <source>Digital assets</source>
        <translation>디지털 자산</translation>
    </message>
    <message>
        <source>Service</source>
        <translation>서비스</translation>
    </message>
    <message>
        <source>Event</source>
        <translation>이벤트</translation>
    </message>
    <message>
        <source>Connection</source>
        <translation>연결</translation>
    </message>
    <message>
        <source>while nothing could be seen</source>
        <translation>시세를 받지 못한 동안</translation>
    </message>
    <message>
        <source>Price jump</source>
        <translation>가격 급변</translation>
    </message>
    <message>
        <source>Volume spike</source>
        <translation>거래 급증</translation>
    </message>
    <message>
        <source>Book imbalance</source>
        <translation>호가 불균형</translation>
    </message>
    <message>
        <source>Bollinger band</source>
        <translation>볼린저 밴드</translation>
    </message>
    <message>
        <source>Volume trend</source>
        <translation>거래량 추세</translation>
    </message>
    <message>
        <source>The last price has moved by so much, from its lowest or highest of the last seconds.</source>
        <translation>현재가가 최근 몇 초 동안의 최저가 또는 최고가에서 정한 비율만큼 움직였습니다.</translation>
    </message>
    <message>
        <source>The turnover of the last seconds is many times that of the minutes before.</source>
        <translation>최근 몇 초의 거래대금이 그 앞 몇 분의 평균보다 몇 배로 늘었습니다.</translation>
    </message>
    <message>
        <source>One side of the order book outweighs the other: (bids - asks) / (bids + asks) in size.</source>
        <translation>호가 잔량이 한쪽으로 기울었습니다: (매수 - 매도) / (매수 + 매도).</translation>
    </message>
    <message>
        <source>The spread is wide for some seconds. 1 bp is 0.01 % of the price.</source>
        <translation>호가차가 정한 시간 동안 벌어져 있습니다. 1bp는 가격의 0.01%입니다.</translation>
    </message>
    <message>
        <source>A candle closes outside its Bollinger band: mean and deviation of the last closes.</source>
        <translation>캔들 종가가 볼린저 밴드(최근 종가의 평균과 표준편차) 밖에서 마감했습니다.</translation>
    </message>
    <message>
        <source>Volume grows from candle to candle (a line fitted to it) while the price goes one way.</source>
        <translation>가격이 한 방향으로 가는 동안 캔들 거래량이 계속 늘어납니다(회귀선 기준).</translation>
    </message>
    <message>
        <source>Move</source>
        <translation>변동폭</translation>
    </message>
    <message>
        <source>Within</source>
        <translation>기간</translation>
    </message>
    <message>
        <source>At least</source>
        <translation>최소 배수</translation>
    </message>
    <message>
        <source>Compared with</source>
        <translation>비교 기간</translation>
    </message>
    <message>
        <source>With at least</source>
        <translation>최소 체결</translation>
    </message>
    <message>
        <source>Depth</source>
        <translation>호가 깊이</translation>
    </message>
    <message>
        <source>Over</source>
        <translation>대상</translation>
    </message>
    <message>
        <source>Beyond</source>
        <translation>기준</translation>
    </message>
    <message>
        <source>For</source>
        <translation>유지 시간</translation>
    </message>
    <message>
        <source>Above</source>
        <translation>호가차 기준</translation>
    </message>
    <message>
        <source>Candles</source>
        <translation>캔들</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>밴드 폭</translation>
    </message>
    <message>
        <source>Growth</source>
        <translation>증가율</translation>
    </message>
    <message>
        <source> s</source>
        <translation>초</translation>
    </message>
    <message>
        <source> min</source>
        <translation>분</translation>
    </message>
    <message>
        <source> bp</source>
        <translation>bp</translation>
    </message>
    <message>
        <source> times</source>
        <translation>배</translation>
    </message>
    <message>
        <source> levels</source>
        <translation>단계</translation>
    </message>
    <message>
        <source> candles</source>
        <translation>개</translation>
    </message>
    <message>
        <source> trades</source>
        <translation>건</translation>
    </message>
    <message>
        <source> deviations</source>
        <translation>σ</translation>
    </message>
    <message>
        <source>{name}: from {least} to {most}{unit}</source>
        <translation>{name}: {least}~{most}{unit} 사이로 입력하세요</translation>
    </message>
    <message>
        <source>{name}: give a number</source>
        <translation>{name}: 숫자를 입력하세요</translation>
    </message>
    <message>
        <source>{name}: give a whole number</source>
        <translation>{name}: 정수를 입력하세요</translation>
    </message>
    <message>
        <source>{name}: one of {choices}</source>
        <translation>{name}: {choices} 중에서 고르세요</translation>
    </message>
    <message>
        <source>The time compared with must be at least twice as long as the one it is of.</source>
        <translation>비교 기간은 기간의 두 배 이상이어야 합니다.</translation>
    </message>
    <message>
        <source>{name}: of so few candles none is further than {most} deviations from the mean</source>
        <translation>{name}: 캔들이 이만큼 적으면 종가는 평균에서 {most}σ 넘게 벗어날 수 없습니다</translation>
    </message>
    <message>
        <source>This Hoga knows no strategy {name}</source>
        <translation>이 버전의 Hoga에는 없는 전략입니다: {name}</translation>
    </message>
    <message>
        <source>The strategy has no parameter {name}</source>
        <translation>이 전략에 없는 설정입니다: {name}</translation>
    </message>
    <message>
        <source>Price jump {rate}</source>
        <translation>가격 급변 {rate}</translation>
    </message>
    <message>
        <source>{times} times the usual turnover, bought</source>
        <translation>평소 거래대금의 {times}배, 매수 우세</translation>
    </message>
    <message>
        <source>{times} times the usual turnover, sold</source>
        <translation>평소 거래대금의 {times}배, 매도 우세</translation>
    </message>
    <message>
        <source>{times} times the usual turnover</source>
        <translation>평소 거래대금의 {times}배</translation>
    </message>
    <message>
        <source>Order book leans {rate}</source>
        <translation>호가 기울기 {rate}</translation>
    </message>
    <message>
        <source>Spread {bp} bp</source>
        <translation>호가차 {bp}bp</translation>
    </message>
    <message>
        <source>Close above the band, {n} deviations</source>
        <translation>밴드 위에서 마감, {n}σ</translation>
    </message>
    <message>
        <source>Close below the band, {n} deviations</source>
        <translation>밴드 아래에서 마감, {n}σ</translation>
    </message>
    <message>
        <source>Volume grows {rate}, price rises</source>
        <translation>거래량 증가 {rate}, 가격 상승</translation>
    </message>
    <message>
        <source>Volume grows {rate}, price falls</source>
        <translation>거래량 증가 {rate}, 가격 하락</translation>
    </message>
    <message>
        <source>No connection</source>
        <translation>연결 끊김</translation>
    </message>
    <message>
        <source>Collecting</source>
        <translation>수집 중</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>일시정지</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>시작 중</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>실행 중</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>중단됨</translation>
    </message>
    <message>
        <source>It has not seen enough yet to say something of {count} symbols</source>
        <translation>종목 {count}개는 아직 판단할 만큼 데이터가 모이지 않았습니다</translation>
    </message>
    <message>
        <source>The exchange sends nothing for {markets}</source>
        <translation>거래소가 데이터를 보내지 않는 종목: {markets}</translation>
    </message>
    <message>
        <source>ticker</source>
        <translation>현재가</translation>
    </message>
    <message>
        <source>trades</source>
        <translation>체결</translation>
    </message>
    <message>
        <source>book</source>
        <translation>호가</translation>
    </message>
    <message>
        <source>candles</source>
        <translation>캔들</translation>
    </message>
    <message>
        <source>own orders</source>
        <translation>내 주문</translation>
    </message>
    <message>
        <source>Started</source>
        <translation>시작했습니다</translation>
    </message>
    <message>
        <source>Changed: it begins anew</source>
        <translation>설정이 바뀌어 새로 시작했습니다</translation>
    </message>
    <message>
        <source>Other symbols: those that stay go on</source>
        <translation>종목이 바뀌었습니다. 남은 종목은 이어집니다</translation>
    </message>
    <message>
        <source>Another exchange: it begins anew</source>
        <translation>거래소가 바뀌어 새로 시작했습니다</translation>
    </message>
    <message>
        <source>{market} was not heard of for {n} s: it begins anew</source>
        <translation>{market}: {n}초 동안 수신이 끊겨 새로 시작했습니다</translation>
    </message>
    <message>
        <source>{count} symbols were not heard of for up to {n} s: they begin anew</source>
        <translation>종목 {count}개: 최대 {n}초 동안 수신이 끊겨 새로 시작했습니다</translation>
    </message>
    <message>
        <source>{market} was not heard of for {n} s; what was missed has been fetched</source>
        <translation>{market}: {n}초 동안 수신이 끊겼지만 빠진 체결을 모두 받아 왔습니다</translation>
    </message>
    <message>
        <source>{count} symbols were not heard of for up to {n} s; what was missed has been fetched</source>
        <translation>종목 {count}개: 최대 {n}초 동안 수신이 끊겼지만 빠진 체결을 모두 받아 왔습니다</translation>
    </message>
    <message>
        <source>{market}: {n} trades came too fast to be looked at</source>
        <translation>{market}: 체결 {n}건은 너무 빨라 살펴보지 못했습니다</translation>
    </message>
    <message>
        <source>Stopped by an error: {text}</source>
        <translation>오류로 중단됨: {text}</translation>
    </message>
    <message>
        <source>Stopped: one call took {n} ms</source>
        <translation>중단됨: 한 번 실행에 {n}ms가 걸렸습니다</translation>
    </message>
    <message>
        <source>Stopped: it took {share} % of a core</source>
        <translation>중단됨: CPU 코어의 {share}%를 썼습니다</translation>
    </message>
    <message>
        <source>Stopped: {n} signals within seconds</source>
        <translation>중단됨: 몇 초 만에 신호가 {n}개 나왔습니다</translation>
    </message>
    <message>
        <source>Not started: {text}</source>
        <translation>시작하지 못함: {text}</translation>
    </message>
    <message>
        <source>Open the API key page</source>
        <translation>API 키 입력</translation>
    </message>
    <message>
        <source>No API key</source>
        <translation>API 키가 없습니다</translation>
    </message>
    <message>
        <source>With a key of Upbit your balances, orders and fills are shown here. One that may only read is enough.</source>
        <translation>업비트 API 키를 입력하면 보유 자산, 주문, 체결, 공지가 표시됩니다. 조회 권한만 있는 키로 충분합니다.</translation>
    </message>
    <message>
        <source>The exchange cannot verify the key</source>
        <translation>거래소가 키를 확인하지 못했습니다</translation>
    </message>
    <message>
        <source>One of its two halves is wrong, or they do not belong together. Enter both again.</source>
        <translation>잘못 입력했거나 Access key와 Secret key가 서로 맞지 않습니다. 두 키를 다시 입력하세요.</translation>
    </message>
    <message>
        <source>The exchange does not know this key</source>
        <translation>거래소에 없는 키입니다</translation>
    </message>
    <message>
        <source>It was deleted, or copied in part. Enter it again, or make a new one at Upbit.</source>
        <translation>삭제되었거나 일부만 복사된 키입니다. 다시 입력하거나 업비트에서 새로 발급받으세요.</translation>
    </message>
    <message>
        <source>The key has expired</source>
        <translation>키의 유효 기간이 지났습니다</translation>
    </message>
    <message>
        <source>Keys of Upbit last for a year. Make a new one there and enter it.</source>
        <translation>업비트 API 키는 1년 동안 유효합니다. 새 키를 발급받아 입력하세요.</translation>
    </message>
    <message>
        <source>This internet address may not use the key</source>
        <translation>허용되지 않은 IP 주소입니다</translation>
    </message>
    <message>
        <source>Add the public IP address of this computer to the key at Upbit, then check again.</source>
        <translation>업비트 API 관리에서 이 컴퓨터의 공인 IP 주소를 키에 추가한 뒤 다시 확인하세요.</translation>
    </message>
    <message>
        <source>The key may not see the account</source>
        <translation>키에 계좌를 볼 권한이 없습니다</translation>
    </message>
    <message>
        <source>Give it the permissions to view assets and orders at Upbit, then check again.</source>
        <translation>업비트 API 관리에서 자산조회와 주문조회 권한을 추가한 뒤 다시 확인하세요.</translation>
    </message>
    <message>
        <source>It may lack the permissions to view assets and orders, or one of its halves is wrong.</source>
        <translation>자산조회나 주문조회 권한이 없거나 키를 잘못 입력했을 수 있습니다.</translation>
    </message>
    <message>
        <source>The exchange took a request for a repeated one</source>
        <translation>거래소가 요청을 중복 요청으로 거절했습니다</translation>
    </message>
    <message>
        <source>Check the key again. If that does not help, make a new one at Upbit.</source>
        <translation>키를 다시 확인하세요. 계속되면 업비트에서 새 키를 발급받으세요.</translation>
    </message>
    <message>
        <source>Enter access key and secret key again, or make a new key at Upbit.</source>
        <translation>두 키를 다시 입력하거나 업비트에서 새 키를 발급받으세요.</translation>
    </message>
    <message>
        <source>(Its reason: {name})</source>
        <translation>(거래소 사유: {name})</translation>
    </message>
    <message>
        <source>This key may not see balances. Give it the permission to view assets at Upbit.</source>
        <translation>이 키로는 자산을 볼 수 없습니다. 업비트에서 자산조회 권한을 추가하세요.</translation>
    </message>
    <message>
        <source>This key may not see orders. Give it the permission to view orders at Upbit.</source>
        <translation>이 키로는 주문을 볼 수 없습니다. 업비트에서 주문조회 권한을 추가하세요.</translation>
    </message>
    <message>
        <source>There is no key.</source>
        <translation>등록된 키가 없습니다.</translation>
    </message>
    <message>
        <source>Asking the exchange…</source>
        <translation>거래소에 확인하는 중입니다…</translation>
    </message>
    <message>
        <source>The exchange took the key, but the connection is down.</source>
        <translation>키는 확인되었지만 지금은 연결이 끊겼습니다.</translation>
    </message>
    <message>
        <source>The exchange takes the key.</source>
        <translation>거래소가 키를 확인했습니다.</translation>
    </message>
    <message>
        <source>Premium {way}</source>
        <translation>프리미엄 {way}</translation>
    </message>
    <message>
        <source>Edge {way}</source>
        <translation>차익 {way}</translation>
    </message>
    <message>
        <source>This pane cannot be shown</source>
        <translation>이 창을 표시할 수 없습니다</translation>
    </message>
    <message>
        <source>Own orders: {why}</source>
        <translation>내 주문: {why}</translation>
    </message>
    <message>
        <source>The program failed here, so what you see is old. It keeps trying; the log says why.</source>
        <translation>프로그램 오류로 오래된 내용이 보입니다. 계속 다시 시도하며, 원인은 로그에 남습니다.</translation>
    </message>
</context>
<context>
    <name>MonitorList</name>
    <message>
        <source>Strategy</source>
        <translation>전략</translation>
    </message>
    <message>
        <source>Symbols</source>
        <translation>종목</translation>
    </message>
    <message>
        <source>Channels</source>
        <translation>채널</translation>
    </message>
    <message>
        <source>What it listens to</source>
        <translation>받아 보는 데이터</translation>
    </message>
    <message>
        <source>State</source>
        <translation>상태</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>메시지</translation>
    </message>
    <message>
        <source>What was handed to it since the program started</source>
        <translation>프로그램을 시작한 뒤 전달된 메시지 수</translation>
    </message>
    <message>
        <source>Signals</source>
        <translation>신호</translation>
    </message>
    <message>
        <source>Since the program started</source>
        <translation>프로그램을 시작한 뒤</translation>
    </message>
    <message>
        <source>Of one core of this computer, over the last five seconds</source>
        <translation>최근 5초 동안 쓴 CPU 코어 하나의 비율</translation>
    </message>
    <message>
        <source>Last signal</source>
        <translation>최근 신호</translation>
    </message>
    <message>
        <source>Strategies</source>
        <translation>전략</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation>CPU</translation>
    </message>
</context>
<context>
    <name>NoticesBar</name>
    <message>
        <source>Mark as read: {count}</source>
        <translation>모두 읽음으로 표시: {count}</translation>
    </message>
    <message>
        <source>All are read</source>
        <translation>모두 읽었습니다</translation>
    </message>
</context>
<context>
    <name>NoticesPane</name>
    <message>
        <source>Notices</source>
        <translation>공지</translation>
    </message>
    <message>
        <source>No notices yet. Those that the exchange makes from now on are listed here.</source>
        <translation>아직 공지가 없습니다. 지금부터 나오는 거래소 공지가 여기에 표시됩니다.</translation>
    </message>
</context>
<context>
    <name>NoticesView</name>
    <message>
        <source>changed</source>
        <translation>수정됨</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>제목</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>시각</translation>
    </message>
    <message>
        <source>Notices</source>
        <translation>공지</translation>
    </message>
    <message>
        <source>unread</source>
        <translation>읽지 않음</translation>
    </message>
</context>
<context>
    <name>OrderbookPane</name>
    <message>
        <source>Order book</source>
        <translation>호가</translation>
    </message>
    <message>
        <source>Group {level}</source>
        <translation>모아보기 {level}</translation>
    </message>
    <message>
        <source>off</source>
        <translation>끔</translation>
    </message>
</context>
<context>
    <name>OwnIndicators</name>
    <message>
        <source>Own indicators could not be read: one of the files in {folder} does not come to an end.</source>
        <translation>내 지표를 읽지 못했습니다. {folder} 폴더에 실행이 끝나지 않는 파일이 있습니다.</translation>
    </message>
    <message>
        <source>An own indicator failed: {problem}</source>
        <translation>내 지표에 오류가 있습니다: {problem}</translation>
    </message>
    <message>
        <source>it takes more than {n} s</source>
        <translation>{n}초가 넘게 걸립니다</translation>
    </message>
    <message>
        <source>its process ended</source>
        <translation>프로세스가 종료되었습니다</translation>
    </message>
</context>
<context>
    <name>Pane</name>
    <message>
        <source>DEMO</source>
        <translation>데모</translation>
    </message>
    <message>
        <source>Show {market}</source>
        <translation>{market} 보기</translation>
    </message>
    <message>
        <source>New pane, as a tab</source>
        <translation>새 창을 탭으로</translation>
    </message>
    <message>
        <source>New chart of {market}</source>
        <translation>{market} 새 차트</translation>
    </message>
    <message>
        <source>New pane</source>
        <translation>새 창</translation>
    </message>
</context>
<context>
    <name>PaneHeader</name>
    <message>
        <source>No symbol</source>
        <translation>종목 없음</translation>
    </message>
    <message>
        <source>Change symbol {code}</source>
        <translation>종목 바꾸기: {code}</translation>
    </message>
    <message>
        <source>Menu of the pane</source>
        <translation>창 메뉴</translation>
    </message>
    <message>
        <source>In no link group</source>
        <translation>연동 안 함</translation>
    </message>
    <message>
        <source>Leads link group {number}, does not follow it</source>
        <translation>연동 그룹 {number}: 이끌기만 함</translation>
    </message>
    <message>
        <source>Follows link group {number}, does not lead it</source>
        <translation>연동 그룹 {number}: 따르기만 함</translation>
    </message>
    <message>
        <source>Link group {number}: its panes change symbol together</source>
        <translation>연동 그룹 {number}: 종목이 함께 바뀝니다</translation>
    </message>
</context>
<context>
    <name>Panes</name>
    <message>
        <source>Chart</source>
        <translation>차트</translation>
    </message>
    <message>
        <source>Order book</source>
        <translation>호가</translation>
    </message>
    <message>
        <source>Trades</source>
        <translation>체결</translation>
    </message>
    <message>
        <source>Markets</source>
        <translation>종목</translation>
    </message>
    <message>
        <source>Scanner</source>
        <translation>스캐너</translation>
    </message>
    <message>
        <source>Strategies</source>
        <translation>전략</translation>
    </message>
    <message>
        <source>Alerts</source>
        <translation>알림</translation>
    </message>
    <message>
        <source>Connections</source>
        <translation>연결</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>내 계좌</translation>
    </message>
    <message>
        <source>Notices</source>
        <translation>공지</translation>
    </message>
    <message>
        <source>Cross-market</source>
        <translation>마켓 간 비교</translation>
    </message>
</context>
<context>
    <name>Picking</name>
    <message>
        <source>Compare with: name, code or initial consonants</source>
        <translation>비교할 종목: 이름, 코드, 초성</translation>
    </message>
</context>
<context>
    <name>QFileDialog</name>
    <message>
        <source>&amp;Look in:</source>
        <translation>위치(&amp;L):</translation>
    </message>
    <message>
        <source>Files of &amp;type:</source>
        <translation>파일 형식(&amp;T):</translation>
    </message>
</context>
<context>
    <name>ScannerBar</name>
    <message>
        <source>Group</source>
        <translation>그룹</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>필터</translation>
    </message>
    <message>
        <source>Every market</source>
        <translation>전체 종목</translation>
    </message>
    <message>
        <source>New group…</source>
        <translation>새 그룹…</translation>
    </message>
    <message>
        <source>Delete the group {name}</source>
        <translation>그룹 삭제: {name}</translation>
    </message>
    <message>
        <source>New group</source>
        <translation>새 그룹</translation>
    </message>
    <message>
        <source>Name of the group</source>
        <translation>그룹 이름</translation>
    </message>
    <message>
        <source>Turnover of 24 hours</source>
        <translation>24시간 거래대금</translation>
    </message>
    <message>
        <source>Moved on the day or within 5 minutes</source>
        <translation>당일 또는 5분 등락률</translation>
    </message>
    <message>
        <source>Any</source>
        <translation>전체</translation>
    </message>
    <message>
        <source>Without warnings and halts</source>
        <translation>유의·주의·거래 정지 제외</translation>
    </message>
    <message>
        <source>What counts as unusual…</source>
        <translation>특이 종목 기준…</translation>
    </message>
    <message>
        <source>Columns, as far as there is room</source>
        <translation>표시할 열 (자리가 되는 만큼)</translation>
    </message>
    <message>
        <source>{quote} markets</source>
        <translation>{quote} 마켓</translation>
    </message>
    <message>
        <source>Group of symbols</source>
        <translation>종목 그룹</translation>
    </message>
    <message>
        <source>Options</source>
        <translation>설정</translation>
    </message>
    <message>
        <source>Found</source>
        <translation>포착</translation>
    </message>
    <message>
        <source>Show what is unusual</source>
        <translation>특이 종목 보기</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>검색</translation>
    </message>
    <message>
        <source>Name, code or initial consonants ( / )</source>
        <translation>이름, 코드 또는 초성 ( / )</translation>
    </message>
    <message>
        <source>Search the list</source>
        <translation>목록에서 검색</translation>
    </message>
    <message>
        <source>Favourites</source>
        <translation>관심</translation>
    </message>
</context>
<context>
    <name>ScannerPane</name>
    <message>
        <source>Scanner</source>
        <translation>스캐너</translation>
    </message>
    <message>
        <source>The list of symbols has not come yet</source>
        <translation>아직 종목 목록을 받지 못했습니다</translation>
    </message>
    <message>
        <source>Nothing here fits &quot;{typed}&quot;. Press Enter for {near}.</source>
        <translation>이 목록에는 &quot;{typed}&quot;에 맞는 종목이 없습니다. Enter 키를 누르면 바로 이동: {near}</translation>
    </message>
    <message>
        <source>No favourites yet. Click the star of a symbol, or press Space on it.</source>
        <translation>관심 종목이 없습니다. 종목의 별을 누르거나 스페이스 키를 누르세요.</translation>
    </message>
    <message>
        <source>This group is empty. Press a symbol with the right button to put it in.</source>
        <translation>그룹이 비어 있습니다. 종목을 오른쪽 버튼으로 눌러 추가하세요.</translation>
    </message>
    <message>
        <source>No market passes the filter. Press {filter} to widen it.</source>
        <translation>필터에 맞는 종목이 없습니다. 조건을 넓히려면 누르세요: {filter}</translation>
    </message>
    <message>
        <source>Favourite (Space)</source>
        <translation>관심 종목 (스페이스)</translation>
    </message>
    <message>
        <source>New group…</source>
        <translation>새 그룹…</translation>
    </message>
    <message>
        <source>New alert…</source>
        <translation>새 알림…</translation>
    </message>
</context>
<context>
    <name>ScannerView</name>
    <message>
        <source>Favourite (Space)</source>
        <translation>관심 종목 (스페이스)</translation>
    </message>
    <message>
        <source>Rank</source>
        <translation>순위</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>종목</translation>
    </message>
    <message>
        <source>Price</source>
        <translation>현재가</translation>
    </message>
    <message>
        <source>In KRW</source>
        <translation>원화 환산</translation>
    </message>
    <message>
        <source>Day</source>
        <translation>전일대비</translation>
    </message>
    <message>
        <source>1 min</source>
        <translation>1분</translation>
    </message>
    <message>
        <source>5 min</source>
        <translation>5분</translation>
    </message>
    <message>
        <source>15 min</source>
        <translation>15분</translation>
    </message>
    <message>
        <source>1 h</source>
        <translation>1시간</translation>
    </message>
    <message>
        <source>Turnover</source>
        <translation>거래대금</translation>
    </message>
    <message>
        <source>5 min T/O</source>
        <translation>5분 대금</translation>
    </message>
    <message>
        <source>Burst</source>
        <translation>급증(배)</translation>
    </message>
    <message>
        <source>Range 1 h</source>
        <translation>1시간 변동</translation>
    </message>
    <message>
        <source>Spread</source>
        <translation>호가차</translation>
    </message>
    <message>
        <source>Last hour</source>
        <translation>1시간 추이</translation>
    </message>
    <message>
        <source>By turnover of 24 hours, and by how many ranks it rose within the hour</source>
        <translation>24시간 거래대금 순위와 최근 1시간 순위 변동</translation>
    </message>
    <message>
        <source>Against the previous close (09:00 KST)</source>
        <translation>전일 종가 대비 (오전 9시 기준)</translation>
    </message>
    <message>
        <source>Of 24 hours, in KRW</source>
        <translation>24시간, 원화 기준</translation>
    </message>
    <message>
        <source>Turnover of the last five minutes, in KRW</source>
        <translation>최근 5분 거래대금, 원화 기준</translation>
    </message>
    <message>
        <source>Turnover of the last minute, in times of the market&apos;s mean minute of the last hour</source>
        <translation>최근 1분 거래대금이 지난 1시간 분당 평균의 몇 배인지</translation>
    </message>
    <message>
        <source>Highest over lowest price of the last hour</source>
        <translation>최근 1시간 최고가와 최저가의 차이</translation>
    </message>
    <message>
        <source>Of the price; known of the markets with the largest turnover</source>
        <translation>가격 대비 매도·매수 호가 차이 (거래대금 상위 종목만)</translation>
    </message>
    <message>
        <source>Price of BTC and USDT markets in KRW</source>
        <translation>BTC·USDT 마켓 가격의 원화 환산</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Appearance</source>
        <translation>화면</translation>
    </message>
    <message>
        <source>Desk</source>
        <translation>데스크</translation>
    </message>
    <message>
        <source>Scanner</source>
        <translation>스캐너</translation>
    </message>
    <message>
        <source>Alerts</source>
        <translation>알림</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>단축키</translation>
    </message>
    <message>
        <source>Data and privacy</source>
        <translation>데이터 및 개인정보</translation>
    </message>
    <message>
        <source>About</source>
        <translation>정보</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>언어</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>다크</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>라이트</translation>
    </message>
    <message>
        <source>Dark, for the colour-blind</source>
        <translation>다크 (색약 모드)</translation>
    </message>
    <message>
        <source>Light, for the colour-blind</source>
        <translation>라이트 (색약 모드)</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>테마</translation>
    </message>
    <message>
        <source>Colours of rise and fall</source>
        <translation>상승·하락 색상</translation>
    </message>
    <message>
        <source>Sample</source>
        <translation>미리보기</translation>
    </message>
    <message>
        <source>Times</source>
        <translation>시각</translation>
    </message>
    <message>
        <source>Korea (KST)</source>
        <translation>한국 (KST)</translation>
    </message>
    <message>
        <source>This machine&apos;s</source>
        <translation>이 컴퓨터의 시간대</translation>
    </message>
    <message>
        <source>Time zone</source>
        <translation>시간대</translation>
    </message>
    <message>
        <source>Days, weeks and months are the exchange&apos;s: they begin at 09:00 in Korea.</source>
        <translation>일봉, 주봉, 월봉은 거래소 기준으로 한국 시각 09:00에 시작합니다.</translation>
    </message>
    <message>
        <source>Rise orange, fall blue</source>
        <translation>상승 주황, 하락 파랑</translation>
    </message>
    <message>
        <source>Rise red, fall blue (Korea)</source>
        <translation>상승 빨강, 하락 파랑 (한국식)</translation>
    </message>
    <message>
        <source>Rise blue, fall orange</source>
        <translation>상승 파랑, 하락 주황</translation>
    </message>
    <message>
        <source>Rise green, fall red (West)</source>
        <translation>상승 초록, 하락 빨강 (서양식)</translation>
    </message>
    <message>
        <source>Texts and lines follow the scaling of the display, {percent} % here. It is set in the system.</source>
        <translation>글자와 선의 크기는 디스플레이 배율을 따릅니다(현재 {percent}%). 배율은 시스템 설정에서 바꿀 수 있습니다.</translation>
    </message>
    <message>
        <source>Link groups</source>
        <translation>연동 그룹</translation>
    </message>
    <message>
        <source>Charts of a group change their interval together</source>
        <translation>같은 그룹의 차트는 주기를 함께 변경</translation>
    </message>
    <message>
        <source>Charts of a group show the crosshair at the same time</source>
        <translation>같은 그룹의 차트는 같은 시각에 십자선 표시</translation>
    </message>
    <message>
        <source>The symbol is shared by all panes of a group in any case.</source>
        <translation>종목은 항상 같은 그룹의 모든 창이 함께 바뀝니다.</translation>
    </message>
    <message>
        <source>Introduction</source>
        <translation>둘러보기</translation>
    </message>
    <message>
        <source>Show the tour</source>
        <translation>둘러보기 다시 보기</translation>
    </message>
    <message>
        <source>What counts as unusual</source>
        <translation>특이 종목 기준</translation>
    </message>
    <message>
        <source>Found once each time it begins, in every market on the scanner. 0 turns it off.</source>
        <translation>스캐너에 있는 모든 종목에서, 조건이 시작될 때마다 한 번 알립니다. 0이면 끕니다.</translation>
    </message>
    <message>
        <source> times</source>
        <translation>배</translation>
    </message>
    <message>
        <source> M KRW</source>
        <translation>백만원</translation>
    </message>
    <message>
        <source>Change of the day</source>
        <translation>전일대비 등락률</translation>
    </message>
    <message>
        <source>Fast move</source>
        <translation>단기 급등락</translation>
    </message>
    <message>
        <source>Volume of a minute against the usual one</source>
        <translation>1분 거래량 급증</translation>
    </message>
    <message>
        <source>and at least</source>
        <translation>최소</translation>
    </message>
    <message>
        <source>New high or low of</source>
        <translation>신고가·신저가 기간</translation>
    </message>
    <message>
        <source> days</source>
        <translation>일</translation>
    </message>
    <message>
        <source>Spread against the usual one</source>
        <translation>호가 차이 확대</translation>
    </message>
    <message>
        <source>Large order, in the top 20</source>
        <translation>대량 주문 (상위 20종목)</translation>
    </message>
    <message>
        <source>off</source>
        <translation>끔</translation>
    </message>
    <message>
        <source>within</source>
        <translation>기준 시간</translation>
    </message>
    <message>
        <source>Markets that are listed or delisted</source>
        <translation>상장과 상장 폐지</translation>
    </message>
    <message>
        <source>Do not disturb</source>
        <translation>방해 금지</translation>
    </message>
    <message>
        <source>Webhook</source>
        <translation>웹훅</translation>
    </message>
    <message>
        <source>Alerts that are marked for it are sent to this address as JSON (Slack, Discord and others take it). The address is kept in the keyring of the system, and nothing is sent while there is none.</source>
        <translation>웹훅으로 지정한 알림을 이 주소에 JSON으로 보냅니다(Slack, Discord 등). 주소는 시스템 키링에만 보관하며, 주소가 없으면 아무것도 보내지 않습니다.</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>주소</translation>
    </message>
    <message>
        <source>Keep the address</source>
        <translation>주소 저장</translation>
    </message>
    <message>
        <source>There is none.</source>
        <translation>저장된 주소가 없습니다.</translation>
    </message>
    <message>
        <source>{n} min</source>
        <translation>{n}분</translation>
    </message>
    <message>
        <source>Where the files are</source>
        <translation>파일 위치</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>설정</translation>
    </message>
    <message>
        <source>Desks and data</source>
        <translation>데스크와 데이터</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>로그</translation>
    </message>
    <message>
        <source>What is kept</source>
        <translation>저장되는 내용</translation>
    </message>
    <message>
        <source>On this computer: your choices and shortcuts, favourites and recent symbols, your desks, drawings, alerts and strategies, candles and trades of the symbols you looked at, and a log of what the program did. An API key is in the keyring of the system alone.</source>
        <translation>이 컴퓨터에 저장: 설정과 단축키, 관심 종목과 최근 종목, 데스크, 그리기, 알림, 전략, 살펴본 종목의 캔들과 체결, 프로그램 동작 로그. API 키는 시스템 키링에만 보관합니다.</translation>
    </message>
    <message>
        <source>Candles and trades of an exchange take at most</source>
        <translation>거래소별 캔들과 체결의 최대 크기</translation>
    </message>
    <message>
        <source>The symbols that were looked at longest ago go first.</source>
        <translation>가장 오래전에 본 종목부터 지워집니다.</translation>
    </message>
    <message>
        <source>What is sent</source>
        <translation>전송되는 내용</translation>
    </message>
    <message>
        <source>Delete the address</source>
        <translation>주소 삭제</translation>
    </message>
    <message>
        <source>The address has to begin with https:// and to name a host</source>
        <translation>주소는 https:// 와 호스트 이름으로 시작해야 합니다</translation>
    </message>
    <message>
        <source>There is an address.</source>
        <translation>주소가 저장되어 있습니다.</translation>
    </message>
    <message>
        <source>The keyring of this system did not take it: the address lasts until the program ends.</source>
        <translation>이 시스템의 키링에 저장하지 못했습니다. 주소는 프로그램을 끝낼 때까지만 유지됩니다.</translation>
    </message>
    <message>
        <source>The keyring of this system did not delete it: nothing is sent to it until the program ends.</source>
        <translation>이 시스템의 키링에서 삭제하지 못했습니다. 프로그램을 끝낼 때까지 이 주소로 보내지 않습니다.</translation>
    </message>
    <message>
        <source>Only requests for market data and, if you gave an API key, for your account, to Upbit, and none in the demo; to Binance for prices outside, if you chose it; alerts to a webhook, if you gave its address. There are no statistics and no update check.</source>
        <translation>시세 요청과, API 키를 입력한 경우 내 계좌 요청만 업비트로 보냅니다. 데모에서는 아무것도 보내지 않습니다. 해외 시세를 선택하면 바이낸스에 시세를 요청하고, 웹훅 주소를 입력하면 알림을 그 주소로 보냅니다. 통계 수집과 업데이트 확인은 없습니다.</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>폴더 열기</translation>
    </message>
    <message>
        <source>Open folder: {name}</source>
        <translation>폴더 열기: {name}</translation>
    </message>
    <message>
        <source>Charts, order books and trades of Upbit, side by side. Not made by Upbit.</source>
        <translation>업비트의 차트, 호가, 체결을 한 화면에. 업비트가 만든 프로그램이 아닙니다.</translation>
    </message>
    <message>
        <source>Licences</source>
        <translation>라이선스</translation>
    </message>
    <message>
        <source>Hoga: MIT. Font Pretendard: SIL Open Font License 1.1. Qt and PySide: LGPL version 3. The other libraries keep the licences they are published under.</source>
        <translation>Hoga: MIT. Pretendard 글꼴: SIL Open Font License 1.1. Qt와 PySide: LGPL 3. 그 밖의 라이브러리는 각자의 라이선스를 따릅니다.</translation>
    </message>
    <message>
        <source>When something is wrong</source>
        <translation>문제가 생겼을 때</translation>
    </message>
    <message>
        <source>The summary names versions, system and screens, nothing personal. The command “hoga doctor” also tries to reach the exchange.</source>
        <translation>진단 요약에는 버전, 시스템, 화면 정보만 담기며 개인정보는 없습니다. ‘hoga doctor’ 명령은 거래소 연결까지 확인합니다.</translation>
    </message>
    <message>
        <source>Copy the summary</source>
        <translation>진단 요약 복사</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>복사됨</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>페이지</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>API key</source>
        <translation>API 키</translation>
    </message>
    <message>
        <source>Cross-market</source>
        <translation>마켓 간 비교</translation>
    </message>
    <message>
        <source>Fees and ages</source>
        <translation>수수료와 유효 시간</translation>
    </message>
    <message>
        <source>An edge is what a round trip of three orders wins after these fees, from what rests in the books.</source>
        <translation>차익은 주문 세 번으로 왕복할 때 현재 호가 잔량에서 아래 수수료를 빼고 남는 비율입니다.</translation>
    </message>
    <message>
        <source> KRW</source>
        <translation>원</translation>
    </message>
    <message>
        <source> s</source>
        <translation>초</translation>
    </message>
    <message>
        <source>Fee of KRW markets</source>
        <translation>KRW 마켓 수수료</translation>
    </message>
    <message>
        <source>Fee of BTC markets</source>
        <translation>BTC 마켓 수수료</translation>
    </message>
    <message>
        <source>Fee of USDT markets</source>
        <translation>USDT 마켓 수수료</translation>
    </message>
    <message>
        <source>Size of a round trip</source>
        <translation>왕복 거래 금액</translation>
    </message>
    <message>
        <source>A book counts for nothing after</source>
        <translation>호가 유효 시간</translation>
    </message>
    <message>
        <source>Outside price</source>
        <translation>해외 시세</translation>
    </message>
    <message>
        <source>For the kimchi premium. Nothing is asked of anybody outside Upbit until you choose it here. No bank&apos;s rate is built in, as none is free to ask: type the dollar&apos;s, or leave it at 0 to compare over KRW-USDT alone. The demo has its own.</source>
        <translation>김치 프리미엄에 쓰입니다. 여기서 선택하기 전에는 업비트 밖의 어디에도 접속하지 않습니다. 자유롭게 조회할 수 있는 은행 환율이 없어 환율은 내장되어 있지 않습니다. 달러 환율을 직접 입력하거나, 0으로 두고 KRW-USDT 기준으로만 비교하세요. 데모에는 별도의 환율이 있습니다.</translation>
    </message>
    <message>
        <source>None</source>
        <translation>없음</translation>
    </message>
    <message>
        <source>Exchange</source>
        <translation>거래소</translation>
    </message>
    <message>
        <source>not given</source>
        <translation>입력 안 함</translation>
    </message>
    <message>
        <source>A dollar at the bank</source>
        <translation>은행 달러 환율</translation>
    </message>
    <message>
        <source>Reduce motion: charts stand where they are let go</source>
        <translation>움직임 줄이기: 차트는 놓은 자리에서 멈춤</translation>
    </message>
    <message>
        <source>Charts of a group show the same stretch of time</source>
        <translation>같은 그룹의 차트는 같은 기간 표시</translation>
    </message>
</context>
<context>
    <name>StatusLight</name>
    <message>
        <source>Live</source>
        <translation>실시간</translation>
    </message>
    <message>
        <source>Waiting for the first data</source>
        <translation>첫 데이터를 기다리는 중</translation>
    </message>
    <message>
        <source>Not live: the data shown is old</source>
        <translation>실시간 아님: 지난 데이터입니다</translation>
    </message>
    <message>
        <source>Not connected</source>
        <translation>연결 안 됨</translation>
    </message>
    <message>
        <source>The exchange does not know this symbol</source>
        <translation>거래소에 없는 종목입니다</translation>
    </message>
    <message>
        <source>Nothing is shown here</source>
        <translation>표시할 종목이 없습니다</translation>
    </message>
</context>
<context>
    <name>StrategiesPane</name>
    <message>
        <source>Strategies</source>
        <translation>전략</translation>
    </message>
    <message>
        <source>No strategies yet. Press the button above to let one watch symbols of your choice.</source>
        <translation>아직 전략이 없습니다. 위의 버튼을 눌러 종목을 지켜볼 전략을 추가하세요.</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>일시정지</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>시작</translation>
    </message>
    <message>
        <source>Of all strategies</source>
        <translation>전체 전략</translation>
    </message>
    <message>
        <source>What strategies say is listed here.</source>
        <translation>전략이 보낸 신호가 여기에 표시됩니다.</translation>
    </message>
    <message>
        <source>Choose a strategy above to see its log.</source>
        <translation>위에서 전략을 고르면 로그가 보입니다.</translation>
    </message>
    <message>
        <source>+ New strategy</source>
        <translation>+ 새 전략</translation>
    </message>
    <message>
        <source>Change…</source>
        <translation>수정…</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>삭제</translation>
    </message>
    <message>
        <source>Alert…</source>
        <translation>알림…</translation>
    </message>
    <message>
        <source>Be told of the signals of the chosen strategy, or of all</source>
        <translation>고른 전략, 또는 전체 전략의 신호를 알림으로 받습니다</translation>
    </message>
    <message>
        <source>Clear the signals</source>
        <translation>신호 지우기</translation>
    </message>
    <message>
        <source>Of all strategies, on the charts too</source>
        <translation>전체 전략의 신호를 차트에서도 지웁니다</translation>
    </message>
    <message>
        <source>Signals</source>
        <translation>신호</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>로그</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>시각</translation>
    </message>
    <message>
        <source>No.</source>
        <translation>번호</translation>
    </message>
    <message>
        <source>Symbol</source>
        <translation>종목</translation>
    </message>
    <message>
        <source>What happened</source>
        <translation>내용</translation>
    </message>
</context>
<context>
    <name>StrategyCenter</name>
    <message>
        <source>Some strategies could not be read. The file is kept as {file}.</source>
        <translation>일부 전략을 읽지 못했습니다. 원본은 {file} 파일에 보관했습니다.</translation>
    </message>
    <message>
        <source>The strategies can be neither read nor moved ({file}). New ones end with the program.</source>
        <translation>전략 파일을 읽지도 옮기지도 못했습니다({file}). 새 전략은 프로그램을 끝낼 때까지만 유지됩니다.</translation>
    </message>
</context>
<context>
    <name>StrategyForm</name>
    <message>
        <source>New strategy</source>
        <translation>새 전략</translation>
    </message>
    <message>
        <source>Change the strategy</source>
        <translation>전략 수정</translation>
    </message>
    <message>
        <source>Codes or names, separated by commas</source>
        <translation>코드나 이름을 쉼표로 구분해 입력</translation>
    </message>
    <message>
        <source>Top {n}</source>
        <translation>상위 {n}</translation>
    </message>
    <message>
        <source>The {n} KRW symbols with the largest turnover now</source>
        <translation>지금 거래대금이 가장 큰 원화 종목 {n}개</translation>
    </message>
    <message>
        <source>Favourites</source>
        <translation>관심</translation>
    </message>
    <message>
        <source>Strategy</source>
        <translation>전략</translation>
    </message>
    <message>
        <source>Symbols</source>
        <translation>종목</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>메모</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>저장</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>삭제</translation>
    </message>
    <message>
        <source>No symbol fits this: {typed}. Try a code such as BTC, or a part of the name.</source>
        <translation>맞는 종목이 없습니다: {typed}. BTC 같은 코드나 이름 일부를 입력하세요.</translation>
    </message>
    <message>
        <source>Give at least one symbol.</source>
        <translation>종목을 하나 이상 입력하세요.</translation>
    </message>
    <message>
        <source>A strategy watches {n} symbols at most.</source>
        <translation>전략 하나가 볼 수 있는 종목은 최대 {n}개입니다.</translation>
    </message>
</context>
<context>
    <name>StudyForm</name>
    <message>
        <source>Save</source>
        <translation>저장</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
</context>
<context>
    <name>StudyMenu</name>
    <message>
        <source>Read own indicators again</source>
        <translation>내 지표 다시 읽기</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>설정…</translation>
    </message>
    <message>
        <source>Shown</source>
        <translation>표시</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>삭제</translation>
    </message>
</context>
<context>
    <name>TapeView</name>
    <message>
        <source>{n} new</source>
        <translation>새 체결 {n}건</translation>
    </message>
    <message>
        <source>Trades</source>
        <translation>체결</translation>
    </message>
    <message>
        <source>No trades yet</source>
        <translation>아직 체결이 없습니다</translation>
    </message>
    <message>
        <source>Strength</source>
        <translation>체결강도</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>시간</translation>
    </message>
    <message>
        <source>Price</source>
        <translation>체결가</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>체결량</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>체결액</translation>
    </message>
    <message>
        <source>Trades between {begin} and {end} are missing.</source>
        <translation>{begin}~{end} 사이의 체결이 빠져 있습니다.</translation>
    </message>
    <message>
        <source>{n}/s</source>
        <translation>{n}건/초</translation>
    </message>
    <message>
        <source>{value}/min</source>
        <translation>{value}/분</translation>
    </message>
    <message>
        <source>Frozen</source>
        <translation>멈춤</translation>
    </message>
    <message>
        <source>5 min</source>
        <translation>5분</translation>
    </message>
    <message>
        <source>1 min</source>
        <translation>1분</translation>
    </message>
    <message>
        <source>{n} trades</source>
        <translation>체결 {n}건</translation>
    </message>
    <message>
        <source>About {value} KRW</source>
        <translation>약 {value} KRW</translation>
    </message>
    <message>
        <source>Strength: bought over sold by those who crossed the spread, since 09:00 KST and in the last minutes. 100 is balance.
Below: trades a second over the last 10 seconds, and the value of the last minute.
~ where trades of that time are not all known.</source>
        <translation>체결강도: 매수 체결량을 매도 체결량으로 나눈 값입니다. 09:00(KST)부터의 값과 최근 몇 분의 값이며, 100이면 균형입니다.
아래: 최근 10초의 초당 체결 건수와 최근 1분의 체결 대금입니다.
~ 표시는 그 시간의 체결을 모두 알지 못한다는 뜻입니다.</translation>
    </message>
    <message>
        <source>Missing {begin} – {end}</source>
        <translation>누락 {begin} – {end}</translation>
    </message>
    <message>
        <source>No trade passes the filter</source>
        <translation>필터를 통과한 체결이 없습니다</translation>
    </message>
</context>
<context>
    <name>Templates</name>
    <message>
        <source>Four charts</source>
        <translation>차트 4개</translation>
    </message>
    <message>
        <source>Scalping</source>
        <translation>스캘핑</translation>
    </message>
    <message>
        <source>Markets and chart</source>
        <translation>종목과 차트</translation>
    </message>
    <message>
        <source>The whole market</source>
        <translation>시장 전체</translation>
    </message>
    <message>
        <source>Strategies</source>
        <translation>전략</translation>
    </message>
    <message>
        <source>Nine charts</source>
        <translation>차트 9개</translation>
    </message>
    <message>
        <source>Own account</source>
        <translation>내 계좌</translation>
    </message>
    <message>
        <source>KRW, BTC and USDT</source>
        <translation>KRW, BTC, USDT</translation>
    </message>
</context>
<context>
    <name>TiersDialog</name>
    <message>
        <source>What counts as large</source>
        <translation>큰 체결의 기준</translation>
    </message>
    <message>
        <source>Large from</source>
        <translation>큰 체결 (1단계)</translation>
    </message>
    <message>
        <source>Larger from</source>
        <translation>더 큰 체결 (2단계)</translation>
    </message>
    <message>
        <source>Big from</source>
        <translation>대량 체결 (3단계)</translation>
    </message>
    <message>
        <source>Value of a line in {quote}. What is big is in the list of big trades.</source>
        <translation>한 줄의 체결 대금({quote}) 기준입니다. 3단계부터 대량 체결 목록에 나옵니다.</translation>
    </message>
    <message>
        <source>Defaults</source>
        <translation>기본값</translation>
    </message>
    <message>
        <source>OK</source>
        <translation>확인</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Each value has to be at least the one above it, and above zero.</source>
        <translation>각 값은 0보다 크고 바로 위의 값 이상이어야 합니다.</translation>
    </message>
</context>
<context>
    <name>ToolMenu</name>
    <message>
        <source>Magnet to open, high, low, close</source>
        <translation>시가·고가·저가·종가에 자석</translation>
    </message>
    <message>
        <source>Show the drawings</source>
        <translation>그림 표시</translation>
    </message>
    <message>
        <source>Bar of tools</source>
        <translation>도구 막대</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>실행 취소</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>다시 실행</translation>
    </message>
    <message>
        <source>Delete all that are not locked</source>
        <translation>잠그지 않은 그림 모두 삭제</translation>
    </message>
</context>
<context>
    <name>Tour</name>
    <message>
        <source>Skip</source>
        <translation>건너뛰기</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>이전</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>완료</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>다음</translation>
    </message>
</context>
<context>
    <name>TradesBar</name>
    <message>
        <source>All</source>
        <translation>전체</translation>
    </message>
    <message>
        <source>Only trades from {value} on</source>
        <translation>{value} 이상의 체결만 봅니다</translation>
    </message>
    <message>
        <source>Buys</source>
        <translation>매수</translation>
    </message>
    <message>
        <source>Sells</source>
        <translation>매도</translation>
    </message>
    <message>
        <source>Both sides</source>
        <translation>매수·매도</translation>
    </message>
    <message>
        <source>Value of a line, at least</source>
        <translation>한 줄의 최소 체결 대금</translation>
    </message>
    <message>
        <source>Any</source>
        <translation>제한 없음</translation>
    </message>
    <message>
        <source>Another value…</source>
        <translation>직접 입력…</translation>
    </message>
    <message>
        <source>Side</source>
        <translation>방향</translation>
    </message>
    <message>
        <source>{value} KRW</source>
        <translation>{value} KRW</translation>
    </message>
    <message>
        <source>Least value</source>
        <translation>최소 체결 대금</translation>
    </message>
    <message>
        <source>Show lines from this value on ({quote})</source>
        <translation>이 금액부터 보여 줍니다 ({quote})</translation>
    </message>
    <message>
        <source>OK</source>
        <translation>확인</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Trades of one order as one line</source>
        <translation>한 주문의 체결을 한 줄로</translation>
    </message>
    <message>
        <source>Sum equal prices when more come than can be read</source>
        <translation>읽을 수 없을 만큼 몰리면 같은 가격끼리 합산</translation>
    </message>
    <message>
        <source>What counts as large…</source>
        <translation>큰 체결의 기준…</translation>
    </message>
    <message>
        <source>Sound</source>
        <translation>소리</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>끔</translation>
    </message>
    <message>
        <source>Copy the lines</source>
        <translation>줄 복사</translation>
    </message>
    <message>
        <source>Off: each trade by itself</source>
        <translation>끔: 체결마다 한 줄</translation>
    </message>
    <message>
        <source>Same millisecond</source>
        <translation>같은 밀리초</translation>
    </message>
    <message>
        <source>Within {n} ms</source>
        <translation>{n}ms 이내</translation>
    </message>
    <message>
        <source>Big</source>
        <translation>대량</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>필터</translation>
    </message>
    <message>
        <source>Freeze (Space)</source>
        <translation>멈추기 (Space)</translation>
    </message>
    <message>
        <source>Options</source>
        <translation>설정</translation>
    </message>
    <message>
        <source>Only big trades</source>
        <translation>대량 체결만 보기</translation>
    </message>
</context>
<context>
    <name>TradesInView</name>
    <message>
        <source>Load trades</source>
        <translation>체결 내역 불러오기</translation>
    </message>
    <message>
        <source>The trades of the visible range take up to {calls} requests to the exchange, at least {seconds} s. Load them?</source>
        <translation>보이는 구간의 체결 내역을 불러오려면 거래소에 최대 {calls}회 요청해야 하며 {seconds}초 이상 걸립니다. 불러올까요?</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>불러오기</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Load trades of the visible range ({calls} requests)</source>
        <translation>보이는 구간의 체결 내역 불러오기 (요청 {calls}회)</translation>
    </message>
    <message>
        <source>Loading trades: {done} of {calls} requests. Stop</source>
        <translation>체결 내역 불러오는 중: 요청 {calls}회 중 {done}회. 멈추기</translation>
    </message>
    <message>
        <source>Waiting for the newest trades</source>
        <translation>최신 체결 내역을 기다리고 있습니다</translation>
    </message>
    <message>
        <source>No room for older trades</source>
        <translation>더 오래된 체결 내역을 담을 공간이 없습니다</translation>
    </message>
    <message>
        <source>Load trades ({calls} requests)</source>
        <translation>체결 불러오기 (요청 {calls}회)</translation>
    </message>
    <message>
        <source>{done} of {calls} requests. Stop</source>
        <translation>요청 {calls}회 중 {done}회. 멈추기</translation>
    </message>
</context>
<context>
    <name>TradesPane</name>
    <message>
        <source>Trades</source>
        <translation>체결</translation>
    </message>
</context>
<context>
    <name>Won</name>
    <message>
        <source>≈ {price} KRW</source>
        <translation>≈ {price}원</translation>
    </message>
</context>
<context>
    <name>Workspace</name>
    <message>
        <source>This desk is empty</source>
        <translation>빈 데스크입니다</translation>
    </message>
    <message>
        <source>Drag a pane in from the row above, or press Ctrl+K and type what you want.</source>
        <translation>위의 줄에서 창을 끌어다 놓거나, Ctrl+K를 누르고 원하는 것을 입력하세요.</translation>
    </message>
</context>
</TS>
