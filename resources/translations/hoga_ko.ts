<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
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
</context>
<context>
    <name>ChartPane</name>
    <message>
        <source>DEMO</source>
        <translation>데모</translation>
    </message>
    <message>
        <source>loading history</source>
        <translation>과거 봉 불러오는 중</translation>
    </message>
</context>
<context>
    <name>Desk</name>
    <message>
        <source>The settings could not be read. They are kept as {file}; the defaults are in force.</source>
        <translation>설정을 읽지 못해 {file} 파일로 남겨 두었습니다. 기본값을 사용합니다.</translation>
    </message>
</context>
<context>
    <name>IntervalBar</name>
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
        <source>More intervals</source>
        <translation>봉 주기 더 보기</translation>
    </message>
</context>
<context>
    <name>LadderView</name>
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
        <source>The order book is empty</source>
        <translation>호가가 없습니다</translation>
    </message>
    <message>
        <source>Total</source>
        <translation>총 잔량</translation>
    </message>
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
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Opening the desk…</source>
        <translation>화면을 여는 중…</translation>
    </message>
    <message>
        <source>Hoga · DEMO, not market prices</source>
        <translation>Hoga · 데모, 실제 시세가 아닙니다</translation>
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
        <source>View</source>
        <translation>보기</translation>
    </message>
    <message>
        <source>Open the demo exchange</source>
        <translation>데모 거래소 열기</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>종료</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>어두운 테마</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>밝은 테마</translation>
    </message>
    <message>
        <source>Rise red, fall blue</source>
        <translation>상승 빨강, 하락 파랑</translation>
    </message>
    <message>
        <source>Rise green, fall red</source>
        <translation>상승 초록, 하락 빨강</translation>
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
    <name>Messages</name>
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
    <message>
        <source>Group prices (+ and -)</source>
        <translation>호가 모아보기 (+, -)</translation>
    </message>
    <message>
        <source>Options</source>
        <translation>설정</translation>
    </message>
    <message>
        <source>Cumulative sizes</source>
        <translation>누적 잔량</translation>
    </message>
    <message>
        <source>Back to the spread (Space)</source>
        <translation>최우선 호가로 돌아가기 (Space)</translation>
    </message>
</context>
<context>
    <name>Pane</name>
    <message>
        <source>DEMO</source>
        <translation>데모</translation>
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
</context>
<context>
    <name>TradesPane</name>
    <message>
        <source>Trades</source>
        <translation>체결</translation>
    </message>
</context>
</TS>
