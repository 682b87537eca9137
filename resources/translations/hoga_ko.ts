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
    <name>CheatSheet</name>
    <message>
        <source>Typing on a pane</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search for a symbol</source>
        <translation type="unfinished">종목 검색</translation>
    </message>
    <message>
        <source>Set the interval</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Step through the list of markets</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom the chart, group the order book</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move the chart, scroll a list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chart: the newest bar</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trades: the newest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Order book: back to the middle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Markets: favourite</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Markets: other tab</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mouse</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show a symbol in a pane</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>drop it on the pane</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New chart of a symbol</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>drop it at an edge</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move, tab or tear off a pane</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>drag its header</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom where the pointer is</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>wheel on the chart</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back in time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>drag the chart</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stretch prices or time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>drag the axis</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Automatic scale again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>double-click the axis</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sort the markets</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>click the head of a column</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys at a glance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Esc closes. The keys of commands can be changed in the settings.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CommandPalette</name>
    <message>
        <source>What do you want to do?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search for a command</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing fits &quot;{typed}&quot;. Try another word for it.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Commands</name>
    <message>
        <source>Program</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Desk</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pane</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Link group</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>View</source>
        <translation type="unfinished">보기</translation>
    </message>
    <message>
        <source>Help</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The program does not understand these keys: {keys}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&quot;{command}&quot; has these keys: {keys}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This key moves, chooses or closes everywhere. Add Ctrl or Alt.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A letter searches for a symbol and a digit sets the interval. Add Ctrl or Alt.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find a command</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the demo exchange</source>
        <translation type="unfinished">데모 거래소 열기</translation>
    </message>
    <message>
        <source>Connect again now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quit</source>
        <translation type="unfinished">종료</translation>
    </message>
    <message>
        <source>Keys at a glance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the tour</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>About Hoga</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New desk: four charts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New desk: scalping</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New desk: markets and chart</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New desk: nine charts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the first desk</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the second desk</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the third desk</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the fourth desk</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the fifth desk</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next desk</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous desk</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rename the desk</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete the desk</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export the desk</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import a desk</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lock the panes in their places</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New chart</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New order book</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New trades</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New list of markets</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New list of connections</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change the symbol</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change the interval</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next symbol</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous symbol</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Duplicate to the right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Duplicate below</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fill the window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tear off or dock</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close the pane</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the closed pane again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next pane</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous pane</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move the pane to the left edge</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move the pane to the right edge</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move the pane to the upper edge</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move the pane to the lower edge</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make the pane wider</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make the pane narrower</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make the pane taller</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make the pane lower</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave the link group</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Link group 1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Link group 2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Link group 3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Link group 4</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Link group 5</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Link group 6</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Link group 7</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Link group 8</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Link group 9</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lead and follow the group</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lead the group only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Follow the group only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Korean</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>English</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dark</source>
        <translation type="unfinished">어두운 테마</translation>
    </message>
    <message>
        <source>Light</source>
        <translation type="unfinished">밝은 테마</translation>
    </message>
    <message>
        <source>Dark, colour-blind</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Light, colour-blind</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rise red, fall blue</source>
        <translation type="unfinished">상승 빨강, 하락 파랑</translation>
    </message>
    <message>
        <source>Rise green, fall red</source>
        <translation type="unfinished">상승 초록, 하락 빨강</translation>
    </message>
</context>
<context>
    <name>Desk</name>
    <message>
        <source>The settings could not be read. They are kept as {file}; the defaults are in force.</source>
        <translation>설정을 읽지 못해 {file} 파일로 남겨 두었습니다. 기본값을 사용합니다.</translation>
    </message>
    <message>
        <source>The desk {name} could not be read ({why}). A new one is open instead.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The desk was not renamed: {why}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The desk was not deleted: {why}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The desk could not be written to {path}: {why}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The desk was written to {path}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} holds no desk that can be opened: {why}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The desk cannot be saved ({why}). Is the disk full or read-only?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The desk is full. Close a pane, or open another desk.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Dialogs</name>
    <message>
        <source>Change the symbol</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type letters on any pane: a code, a name, or initial consonants. Or drop a symbol on it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Panes of one colour change together</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chart, order book and trades with the same number show the same symbol. Press it to change.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add panes, find everything</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drag a pane from here to where it shall be. Ctrl+K finds every command, F1 shows the keys.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rename the desk</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name of the desk</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete the desk</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete the desk {name}? Its panes close; another desk opens.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export the desk</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Desks (*.json)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import a desk</source>
        <translation type="unfinished"></translation>
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
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Link group</source>
        <translation type="unfinished"></translation>
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
        <source>DEMO, not market prices</source>
        <translation type="unfinished"></translation>
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
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Message: {text}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Desk</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pane</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>View</source>
        <translation>보기</translation>
    </message>
    <message>
        <source>Help</source>
        <translation type="unfinished"></translation>
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
        <translation>이 목록에는 &quot;{typed}&quot;에 맞는 종목이 없습니다. Enter를 누르면 {near}(으)로 이동합니다.</translation>
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
        <source>H</source>
        <comment>badge: trading halted</comment>
        <translation>정</translation>
    </message>
    <message>
        <source>Trading is halted</source>
        <translation>거래 정지</translation>
    </message>
    <message>
        <source>W</source>
        <comment>badge: investment warning</comment>
        <translation>유</translation>
    </message>
    <message>
        <source>Investment warning</source>
        <translation>유의 종목</translation>
    </message>
    <message>
        <source>C</source>
        <comment>badge: caution</comment>
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
    <message>
        <source>Show {market}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New pane, as a tab</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New chart of {market}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New pane</source>
        <translation type="unfinished"></translation>
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
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In no link group</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leads link group {number}, does not follow it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Follows link group {number}, does not lead it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Link group {number}: its panes change symbol together</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Panes</name>
    <message>
        <source>Chart</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Order book</source>
        <translation type="unfinished">호가</translation>
    </message>
    <message>
        <source>Trades</source>
        <translation type="unfinished">체결</translation>
    </message>
    <message>
        <source>Markets</source>
        <translation type="unfinished">종목 목록</translation>
    </message>
    <message>
        <source>Connections</source>
        <translation type="unfinished"></translation>
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
    <name>Templates</name>
    <message>
        <source>Four charts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scalping</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Markets and chart</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nine charts</source>
        <translation type="unfinished"></translation>
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
