"""The coins that the built-in exchange lists, by turnover: code, Korean name, English name, price in KRW.

Codes and names are those of real listings; prices and order are of our own choosing, near enough to look at home.
"""

from __future__ import annotations

from typing import NamedTuple


class Coin(NamedTuple):
    code: str
    korean_name: str
    english_name: str
    price: float  # KRW, on the day the walk is anchored at


# The first block has KRW markets (and most of it BTC and USDT ones), the second has none.
_IN_KRW = """
BTC|비트코인|Bitcoin|140120000
ETH|이더리움|Ethereum|4685000
XRP|엑스알피(리플)|XRP|3184
SOL|솔라나|Solana|212400
DOGE|도지코인|Dogecoin|236
ADA|에이다|Ada|684
USDT|테더|Tether|1468
SUI|수이|Sui|2410
TRX|트론|TRON|431
LINK|체인링크|Chainlink|19480
SHIB|시바이누|Shiba Inu|0.01312
PEPE|페페|PEPE|0.00917
AVAX|아발란체|Avalanche|22180
XLM|스텔라루멘|Stellar Lumens|388
BCH|비트코인캐시|Bitcoin Cash|742500
ONDO|온도파이낸스|Ondo|862
HBAR|헤데라|Hedera|247
ENA|에테나|Ethena|519
SEI|세이|Sei|268
WLD|월드코인|Worldcoin|1124
ETC|이더리움클래식|Ethereum Classic|23710
NEAR|니어프로토콜|NEAR Protocol|3382
VIRTUAL|버추얼프로토콜|Virtuals Protocol|1537
APT|앱토스|Aptos|4716
DOT|폴카닷|Polkadot|4408
UNI|유니스왑|Uniswap|9635
AAVE|에이브|Aave|271300
IP|스토리|Story|5240
BONK|봉크|Bonk|0.02164
TRUMP|오피셜트럼프|OFFICIAL TRUMP|9870
PENGU|펏지펭귄|Pudgy Penguins|23.4
WLFI|월드리버티파이낸셜|World Liberty Financial|214
PUMP|펌프|Pump.fun|6.82
ARB|아비트럼|Arbitrum|463
RENDER|렌더토큰|Render|3655
STX|스택스|Stacks|698
ICP|인터넷컴퓨터|Internet Computer|6120
FIL|파일코인|Filecoin|2634
ATOM|코스모스|Cosmos|4427
XPL|플라즈마|Plasma|382
TAO|비트텐서|Bittensor|498700
KAITO|카이토|KAITO|1683
SAND|샌드박스|The Sandbox|341
MANA|디센트럴랜드|Decentraland|362
ALGO|알고랜드|Algorand|284
VET|비체인|VeChain|29.6
INJ|인젝티브|Injective|14230
TIA|셀레스티아|Celestia|1812
POL|폴리곤에코시스템토큰|POL (ex-MATIC)|287
GRT|더그래프|The Graph|112
OP|옵티미즘|Optimism|824
IMX|이뮤터블엑스|Immutable|691
ZRO|레이어제로|LayerZero|2974
ETHFI|이더파이|Ether.fi|1641
JUP|주피터|Jupiter|584
PYTH|피스네트워크|Pyth Network|163
LAYER|솔레이어|Solayer|612
SONIC|소닉SVM|Sonic SVM|246
BERA|베라체인|Berachain|2862
MOVE|무브먼트|Movement|148
ME|매직에덴|Magic Eden|824
PENDLE|펜들|Pendle|5635
AXS|엑시인피니티|Axie Infinity|2974
CHZ|칠리즈|Chiliz|53.8
BAT|베이직어텐션토큰|Basic Attention Token|224
BSV|비트코인에스브이|Bitcoin SV|34120
NEO|네오|NEO|7865
QTUM|퀀텀|Qtum|2816
GAS|가스|GAS|3754
BTT|비트토렌트|BitTorrent|0.000874
THETA|쎄타토큰|Theta Network|992
TFUEL|쎄타퓨엘|Theta Fuel|42.7
EGLD|멀티버스엑스|MultiversX|17840
XTZ|테조스|Tezos|934
IOTA|아이오타|IOTA|241
ZIL|질리카|Zilliqa|14.2
ZRX|제로엑스|0x Protocol|312
STEEM|스팀|Steem|172
HIVE|하이브|Hive|264
ICX|아이콘|ICON|148
ONT|온톨로지|Ontology|163
ONG|온톨로지가스|Ontology Gas|214
KAVA|카바|Kava|431
WAVES|웨이브|Waves|1382
ARK|아크|Ark|548
LSK|리스크|Lisk|421
ARDR|아더|Ardor|98.4
STORJ|스토리지|Storj|312
CVC|시빅|Civic|114
POWR|파워렛저|Powerledger|206
MTL|메탈|Metal DAO|812
SNT|스테이터스네트워크토큰|Status Network Token|31.6
SC|시아코인|Siacoin|4.12
RVN|레이븐코인|Ravencoin|16.8
ELF|엘프|aelf|281
KNC|카이버네트워크|Kyber Network|463
IOST|아이오에스티|IOST|4.37
IQ|아이큐|IQ.wiki|4.86
JST|저스트|JUST|51.2
SUN|썬|SUN|29.4
SXP|솔라|Solar|214
CRO|크로노스|Cronos|246
ANKR|앵커|Ankr|18.7
AERGO|아르고|Aergo|138
ORBS|오브스|Orbs|24.6
STRAX|스트라티스|Stratis|48.3
WAXP|왁스|WAX|31.8
GLM|골렘|Golem|324
BORA|보라|BORA|98.7
MED|메디블록|MediBloc|8.64
MLK|밀크|MiL.k|174
MVL|엠블|MVL|3.82
MBL|무비블록|MovieBloc|3.14
HUNT|헌트|HUNT|312
AQT|알파쿼크|Alpha Quark Token|1284
AHT|아하토큰|AhaToken|4.71
CBK|코박토큰|Cobak Token|624
TT|썬더코어|ThunderCore|3.87
META|메타디움|Metadium|24.3
QKC|쿼크체인|QuarkChain|9.43
DKA|디카르고|dKargo|14.6
FCT2|피르마체인|FirmaChain|38.2
PUNDIX|펀디엑스|Pundi X|431
MOC|모스코인|Moss Coin|74.2
TOKAMAK|토카막네트워크|Tokamak Network|1240
GAME2|게임빌드|GameBuild|4.28
AUCTION|바운스토큰|Bounce|12840
CTC|크레딧코인|Creditcoin|824
T|쓰레스홀드|Threshold|21.4
CELO|셀로|Celo|431
FLOW|플로우|Flow|512
BLUR|블러|Blur|98.6
MASK|마스크네트워크|Mask Network|1683
MINA|미나|Mina|241
ASTR|아스타|Astar|32.4
GMT|스테픈|STEPN|62.8
1INCH|1인치네트워크|1inch Network|312
AKT|아카시네트워크|Akash Network|1524
ATH|에이셔|Aethir|48.7
AGLD|어드벤처골드|Adventure Gold|862
API3|에이피아이쓰리|API3|1124
ARKM|아캄|Arkham|712
AXL|엑셀라|Axelar|438
BEAM|빔|Beam|9.84
BIGTIME|빅타임|Big Time|72.4
BLAST|블라스트|Blast|2.84
BOUNTY|체인바운티|ChainBounty|84.2
CARV|카브|CARV|312
CKB|너보스|Nervos Network|6.42
COW|카우프로토콜|CoW Protocol|514
CYBER|사이버|Cyber|2140
DEEP|딥북|DeepBook|174
DRIFT|드리프트|Drift|824
ENS|이더리움네임서비스|Ethereum Name Service|28400
ID|스페이스아이디|SPACE ID|214
JTO|지토|Jito|2184
LPT|라이브피어|Livepeer|9420
MEW|캣인어독스월드|cat in a dogs world|3.84
MNT|맨틀|Mantle|1724
MOCA|모카네트워크|Moca Network|98.4
POLYX|폴리매쉬|Polymesh|148
RAY|레이디움|Raydium|3840
SAFE|세이프|Safe|584
STG|스타게이트파이낸스|Stargate Finance|241
SUPER|슈퍼버스|SuperVerse|824
TAIKO|타이코|Taiko|524
UXLINK|유엑스링크|UXLINK|412
VANA|바나|Vana|5840
VTHO|비토르토큰|VeThor Token|2.64
W|웜홀|Wormhole|124
XEC|이캐시|eCash|0.02841
YGG|일드길드게임즈|Yield Guild Games|241
ZETA|제타체인|ZetaChain|274
ZK|지케이싱크|ZKsync|84.2
ALT|알트레이어|AltLayer|42.8
BTR|비트레이어|Bitlayer|118
CPOOL|클리어풀|Clearpool|174
TOSHI|토시|Toshi|0.942
USDC|유에스디코인|USDC|1468
A|볼타|Vaulta|548
AERO|에어로드롬파이낸스|Aerodrome Finance|1284
ANIME|애니메코인|Animecoin|24.8
AVNT|아반티스|Avantis|1724
AWE|에이더블유이|AWE Network|84.2
BARD|롬바드|Lombard|1124
BIO|바이오프로토콜|Bio Protocol|184
BREV|브레비스|Brevis|412
CFG|센트리퓨즈|Centrifuge|384
COMP|컴파운드|Compound|58400
DOOD|두들즈|Doodles|6.84
EDGE|데피니티브|Definitive|421
ELSA|헤이엘사|HeyElsa|168
ENSO|엔소|Enso|1842
ERA|칼데라|Caldera|812
ESP|에스프레소|Espresso|214
F|신퓨처스|SynFutures|16.4
FF|팔콘파이낸스|Falcon Finance|184
FLOCK|플록|FLock.io|312
FLUID|플루이드|Fluid|7840
G|그래비티|Gravity|14.8
HOLO|홀로월드|Holoworld|241
HP|히포프로토콜|Hippo Protocol|42.6
HYPER|하이퍼레인|Hyperlane|384
BIRB|문버드|Moonbirds|284
IN|인피닛|INFINIT|168
KERNEL|커널다오|KernelDAO|248
KITE|카이트|Kite|142
LA|라그랑주|Lagrange|524
LINEA|리네아|Linea|28.4
MANTRA|만트라|MANTRA|312
MET2|메테오라|Meteora|684
MIRA|미라네트워크|Mira Network|412
MMT|모멘텀|Momentum|524
MON|모나드|Monad|42.4
MOODENG|무뎅|Moo Deng|184
NEWT|뉴턴프로토콜|Newton Protocol|312
NOM|노미나|Nomina|24.8
NXPC|넥스페이스|Nexpace|912
OPEN|오픈렛저|OpenLedger|548
ORCA|오르카|Orca|2840
ORDER|오덜리|Orderly|384
PLUME|플룸|Plume|124
POKT|포켓네트워크|Pocket Network|48.6
PROVE|썩싱크트|Succinct|1284
RED|레드스톤|RedStone|548
SAHARA|사하라에이아이|Sahara AI|112
SENT|센티언트|Sentient|52.4
SIGN|사인|Sign|98.2
SKR|시커|Seeker|38.6
SOMI|솜니아|Somnia|724
SOPH|소폰|Sophon|42.8
SYRUP|메이플파이낸스|Maple Finance|624
TREE|트리하우스|Treehouse|412
TRUST|인튜이션|Intuition|214
USD1|월드리버티파이낸셜유에스디|World Liberty Financial USD|1467
USDE|에테나유에스디이|Ethena USDe|1467
WAL|월러스|Walrus|512
WCT|월렛커넥트|WalletConnect|412
WET|휴미디파이|HumidiFi|248
XAUT|테더골드|Tether Gold|6124000
ZBT|제로베이스|ZEROBASE|284
ZKC|바운드리스|Boundless|324
ZKP|지케이패스|zkPass|198
ZORA|조라|Zora|84.6
0G|제로지|0G|2940
2Z|더블제로|DoubleZero|284
AZTEC|아즈텍|Aztec|41.2
TON|톤코인|Toncoin|4180
CRV|커브|Curve|1084
LDO|리도다오|Lido DAO|1524
GALA|갈라|Gala|21.6
APE|에이프코인|ApeCoin|824
JASMY|재스미코인|JasmyCoin|18.4
DYDX|디와이디엑스|dYdX|812
EIGEN|아이겐레이어|EigenLayer|1842
MORPHO|모포|Morpho|2640
STRK|스타크넷|Starknet|184
CAKE|팬케이크스왑|PancakeSwap|3840
FET|페치|Artificial Superintelligence Alliance|824
QNT|퀀트|Quant|142800
HYPE|하이퍼리퀴드|Hyperliquid|58400
ASTER|아스터|Aster|2140
KAIA|카이아|Kaia|212
FARTCOIN|파트코인|Fartcoin|912
GRASS|그래스|Grass|1124
USUAL|유주얼|Usual|84.2
CETUS|세터스프로토콜|Cetus Protocol|142
HAEDAL|해달프로토콜|Haedal Protocol|174
INIT|이니시아|Initia|512
PARTI|파티클네트워크|Particle Network|248
NIL|닐리온|Nillion|412
RESOLV|리졸브|Resolv|214
SPK|스파크|Spark|84.2
HUMA|후마파이낸스|Huma Finance|42.8
BABY|바빌론|Babylon|74.2
HOME|디파이앱|Defi App|48.6
KMNO|카미노|Kamino|98.4
EUL|오일러|Euler|14280
ACX|어크로스프로토콜|Across Protocol|184
OBT|오비탈프로토콜|Orbiter Finance|12.4
DBR|디브릿지|deBridge|38.4
JOE|조이|JOE|248
RSR|리저브라이트|Reserve Rights|9.84
SUSHI|스시|SushiSwap|1124
YFI|연파이낸스|yearn.finance|7840000
LRC|루프링|Loopring|124
BNT|뱅코르|Bancor|1024
OGN|오리진프로토콜|Origin Protocol|84.6
CTSI|카르테시|Cartesi|98.4
CHR|크로미아|Chromia|124
XEM|넴|NEM|2.41
GLMR|문빔|Moonbeam|98.2
"""
_ELSEWHERE = """
LTC|라이트코인|Litecoin|148200
EOS|이오스|EOS|824
ENJ|엔진코인|Enjin|98.4
DGB|디지바이트|DigiByte|11.4
NMR|뉴메레르|Numeraire|18400
SYS|시스코인|Syscoin|62.4
RLC|아이젝|iExec RLC|1624
DAI|다이|Dai|1467
TUSD|트루USD|TrueUSD|1466
MKR|메이커|Maker|2284000
SOLVE|솔브케어|Solve.Care|24.8
NKN|엔케이엔|NKN|38.4
IOTX|아이오텍스|IoTeX|31.2
FX|펑션엑스|Function X|241
OBSR|옵저버|Observer|1.24
CRE|캐리프로토콜|Carry Protocol|3.84
GRS|그로스톨코인|Groestlcoin|548
DENT|덴트|Dent|1.12
LOOM|룸네트워크|Loom Network|42.8
UPP|센티넬프로토콜|Sentinel Protocol|62.4
FSN|퓨전|Fusion|48.2
PROM|프로메테우스|Prometeus|12840
VAL|밸리디티|Validity|2140
PSG|파리생제르맹|Paris Saint-Germain Fan Token|2840
JUV|유벤투스|Juventus Fan Token|1842
BFC|바이프로스트|Bifrost|62.4
LINA|리니어파이낸스|Linear|8.42
SNX|신세틱스|Synthetix|1124
OXT|오키드|Orchid|98.4
HBD|하이브달러|Hive Dollar|1462
STMX|스톰엑스|StormX|8.64
MARO|마로|Maro|42.8
RINGX|링엑스|RINGX|84.2
DAD|다드|DAD|14.8
ITAM|아이텀|ITAM|12.4
REP|어거|Augur|1124
DNT|디스트릭트0x|district0x|48.4
PRO|프로피|Propy|1284
GO|고체인|GoChain|12.8
KMD|코모도|Komodo|84.2
ADX|애드엑스|AdEx|214
POLY|폴리매쓰|Polymath|74.2
CELR|셀러네트워크|Celer Network|14.8
DAWN|던프로토콜|Dawn Protocol|124
FORTH|앰플포스거버넌스토큰|Ampleforth Governance Token|3840
SPURS|토트넘홋스퍼|Tottenham Hotspur Fan Token|1124
WEMIX|위믹스|WEMIX|1084
SSV|에스에스브이네트워크|SSV Network|12840
HOOK|훅트프로토콜|Hooked Protocol|184
RAD|래드웍스|Radworks|1124
OMNI|옴니네트워크|Omni Network|4280
PRIME|에코시스템프라임|Echelon Prime|2840
TNSR|텐서|Tensor|214
OSMO|오스모시스|Osmosis|284
DYM|디멘션|Dymension|412
PIXEL|픽셀즈|Pixels|48.6
PORTAL|포탈|Portal|74.2
AEVO|에이보|Aevo|148
VELO|벨로프로토콜|Velo|18.4
PHA|팔라네트워크|Phala Network|184
SKL|스케일|SKALE|34.2
COTI|코티|COTI|84.2
DIA|디아|DIA|812
BICO|바이코노미|Biconomy|148
ACH|알케미페이|Alchemy Pay|31.2
LQTY|리퀴티|Liquity|1124
"""
NOT_IN_KRW = frozenset({"LTC", "EOS", "ENJ"})  # as in life; the test of a dead code asks for them
STABLE = frozenset({"USDT", "USDC", "USD1", "USDE", "DAI", "TUSD", "HBD"})
GOLD = frozenset({"XAUT"})


def _read(table: str) -> tuple[Coin, ...]:
    rows = (line.split("|") for line in table.strip().splitlines())
    return tuple(Coin(code, korean, english, float(price)) for code, korean, english, price in rows)


IN_KRW = _read(_IN_KRW)
ELSEWHERE = _read(_ELSEWHERE)
