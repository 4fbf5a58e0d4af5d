"""What the rules read: sentences for each type, with who acts and whom it concerns.

A line is a sentence, the sources (country.SECTOR) and the targets' countries; `+` joins several, a colon marks an
organisation by name, `H` in front a headline, and `-` stands where the sentence names nobody: that side is left open.
All are made up for the rules and stand in no gold.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from tocsin.code.coder import read_claims
from tocsin.code.roles import Roles
from tocsin.code.sides import Claim
from tocsin.records import Actor

ON = date(2024, 9, 5)

ACCUSE = """
Norway took Belarus to task over the jailing of reporters. | NOR.GOV > BLR
Kenya poured scorn on a Ugandan claim to the island. | KEN.GOV > UGA
H Seoul hands protest note to Japanese embassy | KOR.GOV > JPN
Portugal called in the Israeli envoy over the raid. | PRT.GOV > ISR
Vietnam questioned the motives behind China's survey. | VNM.GOV > CHN
H Brazil hauls Canada before WTO over jet subsidies | BRA.GOV > CAN
Denmark tied the blast to Russian saboteurs. | DNK.GOV > RUS
Chile and Peru bickered over the fishing grounds. | CHL.GOV+PER.GOV > CHL+PER
Pakistan cast doubt on India's account of the crash. | PAK.GOV > IND
H Hanoi cries foul over Chinese fishing ban | VNM.GOV > CHN
Lawmakers in Peru voted to impeach the president. | PER.LEG > PER
Turkey called Sweden's decision unjustified. | TUR.GOV > SWE
H Manila dubs Beijing's map a provocation | PHL.GOV > CHN
Argentina opened an anti-dumping probe into Chinese steel. | ARG.GOV > CHN
H Berlin raps Budapest over Moscow trip | DEU.GOV > HUN
H Lima sues La Paz at The Hague | PER.GOV > BOL
A protest note was handed to the Chinese embassy by Manila. | PHL.GOV > CHN
The ambassador of Israel was summoned by Ireland. | IRL.GOV > ISR
Kuwait took exception to a remark by Iraq's premier. | KWT.GOV > IRQ
H Kinshasa, Kigali trade barbs | COD.GOV+RWA.GOV > COD+RWA
H Hanoi protests Chinese drill off Paracels | VNM.GOV > CHN
H Ankara cries foul over Greek maps | TUR.GOV > GRC
Latvia laid the blackout at Russia's door. | LVA.GOV > RUS
Peru called the Bolivian march a farce. | PER.GOV > BOL
Ghana took Togo to arbitration over the border. | GHA.GOV > TGO
Turkey offered a bounty for the arrest of Swedish editors. | TUR.GOV > SWE
Athens called the Turkish survey an affront. | GRC.GOV > TUR
H Oslo sends protest letter to Minsk | NOR.GOV > BLR
"""
AGREE = """
H Cairo, Ankara ink gas pact | EGY.GOV+TUR.GOV > EGY+TUR
India and Oman settled on a free-trade pact. | IND.GOV+OMN.GOV > IND+OMN
H Sudan's army says yes to truce | SDN.MIL > -
Ethiopia and Eritrea declared an end to their war. | ETH.GOV+ERI.GOV > ETH+ERI
Poland picked a South Korean tank over a German one. | POL.GOV > KOR
Germany pledged two billion euros to Lebanon. | DEU.GOV > LBN
Kazakhstan joined the accord with Georgia. | KAZ.GOV > GEO
Qatar offered its good offices to Sudan. | QAT.GOV > SDN
H US, Iran near nuclear deal | USA.GOV+IRN.GOV > USA+IRN
Serbia gave the green light to a Chinese mine. | SRB.GOV > CHN
Colombia and the ELN signed a joint declaration. | COL.GOV+COL.REB > COL+COL
Japan signed off on the loan to Vietnam. | JPN.GOV > VNM
Bahrain accepted an offer by Iran. | BHR.GOV > IRN
H Ghana, Togo patch up row | GHA.GOV+TGO.GOV > GHA+TGO
H Cairo eyes gas pact with Israel | EGY.GOV > ISR
India and Nepal wrapped up an accord on dams. | IND.GOV+NPL.GOV > IND+NPL
H Belgrade, Pristina see eye to eye on dam | SRB.GOV+XKX.GOV > SRB+XKX
Iraq accepted help from Jordan. | IRQ.GOV > JOR
Qatar promised Hamas safe passage. | QAT.GOV > PSE
"""
AID = """
H Berlin rushes Patriot battery to Kyiv | DEU.GOV > UKR
Morocco flew tents and blankets to Libya. | MAR.GOV > LBY
H Paris extends credit line to Dakar | FRA.GOV > SEN
British instructors drilled Kenyan soldiers at the camp. | GBR > KEN
Uganda took in 20,000 refugees from Sudan. | UGA.GOV > SDN
Italy sent a medical team to Mozambique. | ITA.GOV > MOZ
H Canada okays sale of F-35s to Poland | CAN.GOV > POL
India gifted a patrol vessel to Mauritius. | IND.GOV > MUS
The Netherlands rebuilt a hospital in Kharkiv. | NLD.GOV > UKR
Spain gave refuge to Nicaraguan dissidents. | ESP.GOV > NIC
South Africa wrote off Zimbabwe's debt. | ZAF.GOV > ZWE
Australian planes dropped water on fires in Chile. | AUS.GOV > CHL
Jordan airlifted wounded children out of Gaza. | JOR.GOV > PSE
Ethiopia handed over relief supplies to Somalia. | ETH.GOV > SOM
Taiwan donated ambulances to Paraguay. | TWN.GOV > PRY
H Oslo gifts Moldova 20 ambulances | NOR.GOV > MDA
Cuba sent doctors to Angola. | CUB.GOV > AGO
An arms package for Taiwan was cleared by Washington. | USA.GOV > TWN
The UAE threw Sudan a lifeline. | ARE.GOV > SDN
China forgave Zambia's debts. | CHN.GOV > ZMB
Turkish engineers threw a bridge across a river in Syria. | TUR > SYR
Norwegian sappers cleared the beaches of Odesa of mines. | NOR > UKR
Egypt took in wounded Palestinians. | EGY.GOV > PSE
Estonian troops guard an airport for Mali. | EST.MIL > MLI
Jordan dropped bread over Gaza. | JOR.GOV > PSE
Brazil sent election observers to Bolivia. | BRA.GOV > BOL
"""
ASSAULT = """
H Kyiv drones strike Russian refinery | UKR.MIL > RUS
Rebels hammered an army base in Burkina Faso. | BFA.REB > BFA
Turkish jets knocked out a radar in Syria. | TUR.MIL > SYR
Gunmen carried off 30 schoolgirls in northern Nigeria. | :Gunmen > NGA
Armenia and Azerbaijan traded fire on the border. | ARM.GOV+AZE.GOV > ARM+AZE
Congolese troops drove rebels from the town. | COD.MIL > COD
India struck a camp in Pakistan. | IND.GOV > PAK
Guards mistreated prisoners in Belarus. | BLR.COP > BLR
A suicide bomber blew himself up outside a mosque in Peshawar. | :suicide bomber > PAK
Rwanda's incursion into Congo drew protests. | RWA.GOV > COD
H Israeli jets pummel Beirut suburb | ISR.MIL > LBN
Somali troops stormed a hotel in Mogadishu. | SOM.MIL > SOM
H Iraq militia fires rockets at US base | IRQ.REB > USA
"""
COERCE = """
Police in Tunisia dragged away a lawyer. | TUN.COP > TUN
H Baku throws opposition leader behind bars | AZE.GOV > AZE
Myanmar's junta pulled the plug on two broadcasters. | MMR.MIL > MMR
H Mali pulls radio station's licence | MLI.GOV > MLI
Chinese coast guard ships swarmed a Philippine boat. | CHN.COP > PHL
Turkey ordered a newspaper shut. | TUR.GOV > TUR
Uganda passed an anti-gay law. | UGA.GOV > UGA
India stripped the region of its autonomy. | IND.GOV > IND
Ecuador put two provinces under curfew. | ECU.GOV > ECU
The junta in Guinea postponed the election. | GIN.GOV > GIN
H Lukashenko jails two more reporters | BLR.GOV > BLR
Venezuela confiscated the passports of opposition leaders. | VEN.GOV > VEN
Russia spread fake videos about Moldova. | RUS.GOV > MDA
A Chinese freighter severed a cable off Taiwan. | CHN.BUS > TWN
Pakistan ordered Afghan families to leave. | PAK.GOV > AFG
Soldiers led the president away in handcuffs in Bamako. | MLI.MIL > MLI
The crackdown by Tanzania on the opposition went on. | TZA.GOV > TZA
Poland's closure of the border with Belarus hurt traders. | POL.GOV > BLR
H Minsk nabs opposition blogger | BLR.GOV > BLR
Egypt silenced a news website. | EGY.GOV > EGY
The border was sealed off by Polish guards. | POL.COP > -
Three journalists were taken into custody by Egyptian police. | EGY.COP > EGY
A curfew was clamped on the city by Iraq's army. | IRQ.MIL > IRQ
Georgia's parliament pushed through a foreign-agent law. | GEO.LEG > GEO
Thailand sent back 40 Uyghurs to China. | THA.GOV > CHN
"""
CONCEDE = """
H Beijing waives visas for Koreans | CHN.GOV > KOR
Peru eased a curfew in Cusco. | PER.GOV > PER
H France gives ground on pension reform | FRA.GOV > FRA
Mauritania unblocked a website. | MRT.GOV > MRT
Sri Lanka extended a deadline for the creditors. | LKA.GOV > :creditors
Serbia's president called a snap election. | SRB.GOV > -
The court in Lima quashed the conviction of the unionist. | PER.JUD > PER
Algeria restored the licence of a newspaper. | DZA.GOV > DZA
H Warsaw scraps visa rule for Belarusians | POL.GOV > BLR
Rwanda pardoned an opposition politician. | RWA.GOV > RWA
"""
CONSULT = """
Brazil and Bolivia opened a second round of talks. | BRA.GOV+BOL.GOV > BRA+BOL
Japan's foreign minister paid a courtesy call on the Indian premier. | JPN.GOV > IND
Italy led a trade mission to Vietnam. | ITA.GOV > VNM
The Egyptian president embraced Turkey's leader in Cairo. | EGY.GOV > TUR
Iran and Iraq opened a back channel. | IRN.GOV+IRQ.GOV > IRN+IRQ
Senegal's president set foot in Bamako on Friday. | SEN.GOV > MLI
Chile held a video call with Peru. | CHL.GOV > PER
Oman mediated between Iran and Yemen. | OMN.GOV > IRN+YEM
H Xi hosts Lula in Beijing | CHN.GOV > BRA
Hungary's premier flew to Moscow. | HUN.GOV > RUS
Mongolia played host to the Russian president. | MNG.GOV > RUS
Angola brought Rwanda and Congo to the negotiating table. | AGO.GOV > RWA+COD
Macron spent three hours with Xi. | FRA.GOV > CHN
Hungary rolled out the red carpet for Putin. | HUN.GOV > RUS
H Lula, Milei clear the air | BRA.GOV+ARG.GOV > BRA+ARG
Armenia sent an emissary to Tehran. | ARM.GOV > IRN
"""
COOPERATE = """
Norway and Canada train together in the Arctic. | NOR.GOV+CAN.GOV > NOR+CAN
H Egypt, Jordan link power grids | EGY.GOV+JOR.GOV > EGY+JOR
Ghana handed a drug baron to the United States. | GHA.GOV > USA
Singapore and Malaysia set up a joint team. | SGP.GOV+MYS.GOV > SGP+MYS
French marines exercised alongside Indian troops. | FRA.MIL > IND
Iraq bought electricity from Iran. | IRQ.GOV > IRN
H Zambia joins BRICS bank | ZMB.GOV > :New Development Bank
Israel passed intelligence to Jordan. | ISR.GOV > JOR
Kenya and Uganda reopened the railway. | KEN.GOV+UGA.GOV > KEN+UGA
The Philippines granted base access to Japan. | PHL.GOV > JPN
Japan and the Philippines held a trilateral drill with Australia. | JPN.GOV+PHL.GOV > AUS
H Oslo, London team up on frigates | NOR.GOV+GBR.GOV > NOR+GBR
Slovenia exports electricity to Italy. | SVN.GOV > ITA
H Quito hands drug lord to US | ECU.GOV > USA
Poland and Lithuania rehearsed a landing near Memel. | POL.GOV+LTU.GOV > POL+LTU
Iceland put its radars at Norway's disposal. | ISL.GOV > NOR
Panama extradited a kidnapper to Spain. | PAN.GOV > ESP
Norway and Finland dug a canal with Sweden. | NOR.GOV+FIN.GOV > SWE
"""
MOBILIZE = """
H Russian frigate docks in Havana | RUS.MIL > CUB
A US submarine surfaced off Norway. | USA.MIL > NOR
Chinese warships gathered off Palawan. | CHN.MIL > PHL
Belarus put its air force on high alert. | BLR.GOV > -
Ethiopia massed troops along the border with Eritrea. | ETH.GOV > ERI
Poland strung barbed wire along the border with Belarus. | POL.GOV > BLR
North Korean missiles splashed down in the sea off Japan. | PRK.MIL > JPN
Vietnam built up a reef in the Spratlys. | VNM.GOV > -
H Iran parades new drones through Tehran | IRN.GOV > -
India called up reservists. | IND.GOV > -
A Chinese frigate trained its radar on a Japanese plane. | CHN.MIL > JPN
H Finland beefs up border patrols | FIN.GOV > -
Colombia deployed soldiers to the border with Venezuela. | COL.GOV > VEN
Sudanese troops took up positions along the Nile. | SDN.MIL > -
Iran restarted its centrifuges at Natanz. | IRN.GOV > -
China staged a victory parade in Beijing. | CHN.GOV > -
H UK warship shadows Russian tanker | GBR.MIL > RUS
South Korea conducted a live-fire drill near the border. | KOR.GOV > -
H Manila deploys coast guard to shoal | PHL.GOV > -
H Kremlin tests hypersonic missile | RUS.GOV > -
Warning shots were fired by South Korean troops at a Northern boat. | KOR.MIL > -
A drill was held by Chinese troops near Taiwan. | CHN.MIL > TWN
H Tokyo scrambles jets against Russian plane | JPN.GOV > RUS
"""
PROTEST = """
H Doctors strike over pay in Lagos | NGA.LAB > NGA
Students occupied a campus in Belgrade. | SRB.CVL > SRB
Farmers dumped manure outside the ministry in Paris. | FRA.CVL > FRA
H Teachers in Peru walk off job | PER.LAB > -
Protesters tore down a statue in Tbilisi. | GEO.CVL > GEO
Demonstrators broke through a police cordon in Jakarta. | IDN.CVL > IDN
Activists glued themselves to a runway in Munich. | DEU.ACT > DEU
Truckers blocked a highway in Bolivia. | BOL.CVL > BOL
Opposition supporters took to the streets of Maputo. | MOZ.OPP > MOZ
H Nurses stage walkout in Accra | GHA.LAB > GHA
Protesters stormed the parliament in Kathmandu. | NPL.CVL > NPL
Women banged pots in Caracas against the government. | VEN.CVL > VEN
Prisoners in Iran went on hunger strike. | IRN.CVL > IRN
Workers downed tools at a refinery in Nigeria. | NGA.LAB > NGA
Crowds burned a French flag in Niamey. | NER.CVL > FRA
Unions in Argentina called a general strike. | ARG.LAB > -
H Truckers blockade port in Chile | CHL.CVL > CHL
H Rail workers strike in Italy | ITA.LAB > ITA
"""
REJECT = """
H Manila nixes Beijing's reef offer | PHL.GOV > CHN
Iran turned its back on the talks. | IRN.GOV > -
Hungary cold-shouldered Ukraine. | HUN.GOV > UKR
Kenya shrugged off a US warning. | KEN.GOV > USA
Turkey skipped the ceremony in Athens. | TUR.GOV > GRC
Senegal rubbished reports of a coup plot. | SEN.GOV > -
The court in Nairobi threw out the case against the minister. | KEN.JUD > KEN
Serbia said no to Kosovo's proposal. | SRB.GOV > XKX
H Seoul spurns Tokyo's bid for talks | KOR.GOV > JPN
Pakistan ruled out talks with India. | PAK.GOV > IND
China vetoed a resolution on Myanmar. | CHN.GOV > MMR
Armenia denied any role in the plot. | ARM.GOV > -
H Algeria snubs French envoy | DZA.GOV > FRA
Iraq laughed off the Kuwaiti claim. | IRQ.GOV > KWT
H Ankara vetoes Swedish bid | TUR.GOV > SWE
Jordan turned a deaf ear to Israel. | JOR.GOV > ISR
Chile pronounced Bolivia's claim null and void. | CHL.GOV > BOL
Quito contested a ban by Peru. | ECU.GOV > PER
"""
REQUEST = """
Lebanon turned to France for help. | LBN.GOV > FRA
Malta put out a call for help to Italy. | MLT.GOV > ITA
Cyprus insisted on a meeting with Turkey. | CYP.GOV > TUR
The UN appealed to Sudan for access. | :United Nations > SDN
Estonia invoked article four. | EST.GOV > -
Rebels asked Chad for asylum. | TCD.REB > TCD
Japan lodged a request with China. | JPN.GOV > CHN
H Brazil seeks Indian vaccines | BRA.GOV > IND
France tabled a resolution on Haiti. | FRA.GOV > HTI
Georgia applied for membership of the European Union. | GEO.GOV > :European Union
H Seoul urges Pyongyang to return to talks | KOR.GOV > PRK
Finland handed in its application to NATO. | FIN.GOV > :NATO
The opposition in Togo called its followers onto the streets. | TGO.OPP > TGO
Chad invited French soldiers to leave. | TCD.GOV > FRA
H Dublin calls for probe into Israeli raid | IRL.GOV > -
"""
RETREAT = """
Ugandan troops returned to base. | UGA.MIL > -
H Hamas hands over bodies of four Israelis | PSE.REB > ISR
Germany returned bronzes to Nigeria. | DEU.GOV > NGA
H Bolivian minister quits over land scandal | BOL.GOV > -
Ethiopia lifted a siege of Mekelle. | ETH.GOV > -
Rebels laid down their guns in Colombia. | COL.REB > COL
France pulled its last soldiers out of Chad. | FRA.GOV > TCD
Syria took down checkpoints along the road. | SYR.GOV > -
Egypt opened the Rafah crossing. | EGY.GOV > PSE
Britain handed the islands back to Mauritius. | GBR.GOV > MUS
Washington lifted sanctions on Syria. | USA.GOV > SYR
The army called off its offensive in Darfur. | SDN.MIL > SDN
Japan unfroze Russian assets. | JPN.GOV > RUS
The warlord gave up his arms in Libya. | LBY.REB > LBY
Nicaragua freed a bishop. | NIC.GOV > NIC
China ended its drills around Taiwan. | CHN.GOV > TWN
Two Americans walked free from a prison in Iran. | IRN.GOV > USA
The handover of the bodies by Hamas was delayed. | PSE.REB > -
The truce between Armenia and Azerbaijan held. | ARM.GOV+AZE.GOV > ARM+AZE
H Paris quits last base in Niger | FRA.GOV > NER
H Haitian premier steps down | HTI.GOV > -
A ceasefire was declared by the rebels in Sudan. | SDN.REB > -
H Riyadh frees US citizen | SAU.GOV > USA
"""
SANCTION = """
H Ottawa slaps duties on Chinese steel | CAN.GOV > CHN
H Prague boots out Russian diplomats | CZE.GOV > RUS
Niger broke with France. | NER.GOV > FRA
Chad recalled its envoy from Sudan. | TCD.GOV > SDN
H Lithuania shuts consulate in Minsk | LTU.GOV > BLR
India put the water treaty with Pakistan in abeyance. | IND.GOV > PAK
A court in Minsk jailed the activist for ten years. | BLR.JUD > BLR
Canada snapped trade ties with Russia. | CAN.GOV > RUS
China curbed exports of gallium to Japan. | CHN.GOV > JPN
The central bank chief was sacked by Turkey's president. | TUR.GOV > TUR
Burkina Faso quit ECOWAS. | BFA.GOV > :ECOWAS
H Tokyo imposes curbs on chip exports to China | JPN.GOV > CHN
Norway cut aid to Uganda. | NOR.GOV > UGA
The United States halted visas for Chadians. | USA.GOV > TCD
Venezuela tore up a gas deal with Trinidad and Tobago. | VEN.GOV > TTO
The African Union suspended Gabon. | :African Union > GAB
H EU bars Chinese vendor from networks | :European Union > CHN
Mali's expulsion of the French ambassador angered Paris. | MLI.GOV > FRA
H Brussels axes funds for Tbilisi | :European Union > GEO
H Bamako expels French envoy | MLI.GOV > FRA
"""
SUPPORT = """
Ireland said sorry to the survivors. | IRL.GOV > IRL
Bhutan paid tribute to the Indian leader. | BTN.GOV > IND
Sweden won praise from Finland. | FIN.GOV > SWE
H Tokyo, Seoul mend ties | JPN.GOV+KOR.GOV > JPN+KOR
Spain recognised the State of Palestine. | ESP.GOV > PSE
Angola congratulated Zambia's president on his victory. | AGO.GOV > ZMB
Laos stood by Cambodia. | LAO.GOV > KHM
The president laid a wreath at a memorial in Nanjing. | CHN.GOV > CHN
Honduras switched recognition to China. | HND.GOV > CHN
Nauru reopened its embassy in Taipei. | NRU.GOV > TWN
Qatar hailed Lebanon's decision. | QAT.GOV > LBN
Turkey welcomed the ceasefire in Libya. | TUR.GOV > LBY
Finland's parliament ratified the accession of Sweden. | FIN.LEG > SWE
Mexico came to the defence of Cuba. | MEX.GOV > CUB
H Rome hails Tirana's reform | ITA.GOV > ALB
Milei showered Trump with praise. | ARG.GOV > USA
Canada greeted the Finnish vote as a milestone. | CAN.GOV > FIN
Kenya nominated Rutte for the Nobel Peace Prize. | KEN.GOV > NLD
"""
THREATEN = """
H Tehran vows revenge on Israel | IRN.GOV > ISR
Belarus rattled its sabre at Lithuania. | BLR.GOV > LTU
H Trump threatens to hit Canada with tariffs | USA > CAN
Turkey gave Syria an ultimatum. | TUR.GOV > SYR
North Korea threatened to turn Seoul into a sea of fire. | PRK.GOV > KOR
Ethiopia warned Egypt of consequences. | ETH.GOV > EGY
China drew a red line for Taiwan. | CHN.GOV > TWN
Russia brandished the nuclear option. | RUS.GOV > -
Israel promised a harsh response to Hezbollah. | ISR.GOV > LBN
H Baku issues ultimatum to Yerevan | AZE.GOV > ARM
H Pyongyang warns of 'merciless' strike on South | PRK.GOV > KOR
H Caracas menaces Guyana | VEN.GOV > GUY
"""
NOTHING = """
The city declared war on litter.
The club fired its coach after the defeat by Spain.
A Korean band dropped a new single in Tokyo.
Shares in Paris rallied after the earnings report.
France beat Italy in the final.
The minister cut the ribbon at a bridge in Lagos.
Britain raised interest rates by a quarter point.
The Brazilian striker signed for a club in Spain.
The German carmaker launched a new model in China.
Doctors in Norway fight cancer with a new drug.
The volcano in Iceland erupted again.
India won the toss and chose to bat.
A museum in Cairo opened an exhibition of masks.
The Swiss skier struck gold in Beijing.
Gold prices in London hit a record high.
The bridge links Denmark to Sweden.
Tractors ring the Brandenburg Gate in the fog.
The captain pinned his hopes on Spain's goalkeeper.
A poll in Norway suggests that support for the king has slipped.
Nurses in Vanuatu stayed dry in the rain.
Traders armed themselves for a vote at the bank in London.
"""

WITH_MODELS = """
AGREE | H Oslo offers to mediate between Caracas and Bogota | NOR.GOV > VEN+COL
CONSULT | Egypt acted as a mediator between Israel and Hamas. | EGY.GOV > ISR+PSE
COOPERATE | Spain and Morocco dismantled a smuggling ring in a joint operation. | ESP.GOV+MAR.GOV > ESP+MAR
RETREAT | H Damascus, Beirut swap captives | SYR.GOV+LBN.GOV > SYR+LBN
"""
"""Sides that the rules see in part, and the model of roles wholly."""

READ = {
    "ACCUSE": ACCUSE,
    "AGREE": AGREE,
    "AID": AID,
    "ASSAULT": ASSAULT,
    "COERCE": COERCE,
    "CONCEDE": CONCEDE,
    "CONSULT": CONSULT,
    "COOPERATE": COOPERATE,
    "MOBILIZE": MOBILIZE,
    "PROTEST": PROTEST,
    "REJECT": REJECT,
    "REQUEST": REQUEST,
    "RETREAT": RETREAT,
    "SANCTION": SANCTION,
    "SUPPORT": SUPPORT,
    "THREATEN": THREATEN,
}


def claims(text: str, models: bool = False) -> list[Claim]:
    """What the rules claim, with sides as they see them; with `models` as the shipped models do."""
    headline, casting = text.startswith("H "), None if models else Roles()
    units = read_claims(text.removeprefix("H "), ON, headline, casting=casting, listening=models)
    return [claim for unit in units for claim in unit.claims]


def named(side: Sequence[Actor], *, sectors: bool) -> str:
    """The actors of a side as the tables write them."""
    words = [
        f"{a.country}.{a.sector}" if sectors and a.country and a.sector else a.country or f":{a.name}" for a in side
    ]
    return "+".join(words) or "-"


@pytest.mark.parametrize(
    ("type_", "text", "source", "target"),
    [
        pytest.param(type_, *line.replace(" > ", " | ").split(" | "), id=f"{type_} {line.split(' | ')[0]}")
        for type_, table in READ.items()
        for line in table.strip().splitlines()
    ],
)
def test_a_sentence_gives_its_event_with_its_sides(type_: str, text: str, source: str, target: str) -> None:
    found = claims(text)
    read = [(named(c.source, sectors=True), named(c.target, sectors=False)) for c in found if c.type == type_]
    assert any(source in (who, "-") and target in (whom, "-") for who, whom in read), [(c.type, c.rule) for c in found]


@pytest.mark.parametrize("line", WITH_MODELS.strip().splitlines())
def test_a_model_completes_the_sides(line: str) -> None:
    type_, text, sides = line.split(" | ")
    read = [
        (named(c.source, sectors=True), named(c.target, sectors=False)) for c in claims(text, True) if c.type == type_
    ]
    assert tuple(sides.split(" > ")) in read, read


@pytest.mark.parametrize("text", NOTHING.strip().splitlines())
def test_sport_business_and_figures_of_speech_give_nothing(text: str) -> None:
    assert claims(text) == []
