"""More sentences for the rules of force, seizure, protest, cuts, threats and yielding, and some that mean none."""

from __future__ import annotations

import pytest
from tests.code.test_rule_sentences import claims, named

READ = """
ASSAULT | H Kinshasa, Kigali trade mortar rounds | COD.GOV+RWA.GOV > COD+RWA
ASSAULT | Rebels felled a Malian helicopter near Kidal. | - > MLI
ASSAULT | Iranian guards fired into a crowd of Kurdish mourners. | IRN > IRN
ASSAULT | Ethiopian troops pushed toward the Eritrean town of Senafe. | ETH.MIL > ERI
COERCE | H Turkish police gas students at campus gate | TUR.COP > -
COERCE | H Estonia keeps Narva bridge barred | EST.GOV > -
COERCE | H Serbian police turn hoses on students | SRB.COP > -
COERCE | H Russia chokes WhatsApp | RUS.GOV > -
COERCE | Danish marines climbed aboard a Russian tanker. | DNK.MIL > RUS
COERCE | Belarus herded migrants to the Latvian border. | BLR.GOV > LVA
COERCE | Lima was put under curfew by Peru's president. | PER.GOV > PER
COERCE | H Tunisia pulls Belgian broadcaster off air | TUN.GOV > BEL
CONCEDE | H Bahrain trims sentence of jailed cleric | BHR.GOV > -
CONCEDE | H Nigeria restores Twitter | NGA.GOV > -
CONCEDE | Ecuador rescinded the state of emergency. | ECU.GOV > -
CONCEDE | China restarted buying Australian coal. | CHN.GOV > AUS
MOBILIZE | H US carrier heads for Gulf | USA.MIL > -
MOBILIZE | Russia based nuclear warheads in Belarus. | RUS > BLR
MOBILIZE | H Latvia reintroduces conscription | LVA.GOV > -
MOBILIZE | A Chinese frigate shone a laser at an Australian pilot. | CHN.MIL > AUS
PROTEST | Students stormed the French embassy in Bamako. | - > FRA
PROTEST | H Greek farmers park tractors across highway | GRC > -
PROTEST | H Widows bang pots outside Malian ministry | - > MLI
PROTEST | Iraqi protesters burned tyres in Basra. | IRQ > -
PROTEST | Demonstrators pelted the Serbian premier with eggs. | - > SRB
RETREAT | Iran let the French hostages go. | IRN.GOV > FRA
RETREAT | India drew back its guns from the Chinese border. | IND > CHN
SANCTION | H Georgian court jails opposition leader | GEO.JUD > GEO
SANCTION | H Pretoria walks out of coalition parley with Maputo | ZAF.GOV > MOZ
SANCTION | Ghana let the Togolese accord lapse. | GHA.GOV > -
SANCTION | Kenya revoked the landing rights of a Somali airline. | KEN.GOV > SOM
SANCTION | Italy stopped buying Russian gas. | ITA.GOV > RUS
COERCE | Uganda's police interrogated a British journalist. | UGA.COP > GBR
MOBILIZE | H Tehran flexes muscles off Oman | IRN.GOV > OMN
PROTEST | Farmers egged the Belgian premier. | - > BEL
SANCTION | Hungary torpedoed the talks with Ukraine. | HUN.GOV > UKR
MOBILIZE | H Russian jets linger in Estonian sky | RUS.MIL > EST
RETREAT | China wrapped up its drill near Taiwan. | CHN > TWN
SANCTION | H Nauru cuts Taiwan loose | NRU.GOV > TWN
CONSULT | Djibouti brokered a meeting between Sudan and Ethiopia. | DJI.GOV > SDN+ETH
CONSULT | H Doha mediates talks between Chad and Libya | QAT.GOV > TCD+LBY
CONSULT | Djibouti brokered a meeting between Sudan and Ethiopia. | DJI.GOV > SDN+ETH
CONSULT | H Doha mediates talks between Chad and Libya | QAT.GOV > TCD+LBY
MOBILIZE | Zambian soldiers crossed into Angola. | ZMB.MIL > AGO
MOBILIZE | Danish jets intercepted a Russian bomber over the Baltic. | DNK.MIL > RUS
ASSAULT | Jordan intercepted an Iranian drone. | JOR > IRN
AID | Mali accused Mauritania of arming guerrillas. | MRT.GOV > -
AID | H Ghana parliament approves deployment of troops to Gambia | GHA.LEG > GMB
CONCEDE | H Taxi drivers lift blockade of Kenyan airport | - > -
RETREAT | Egypt lifted the blockade of Gaza. | EGY.GOV > PSE
CONCEDE | H Hanoi scraps quota on Thai sugar | VNM.GOV > THA
AGREE | The Asian Development Bank approved a 90 million dollar loan for Nepal. | - > NPL
AGREE | H IMF board clears $2 billion for Malawi | - > MWI
THREATEN | Iran held out the prospect of war against Israel. | IRN.GOV > ISR
THREATEN | H Rome hints at retaliation against Budapest | ITA.GOV > HUN
"""

NOTHING = """
A Danish hunter hunted deer in Norway.
A fighter jet crashed in training in Poland.
Argentina marched into the final.
"""


@pytest.mark.parametrize("line", READ.strip().splitlines())
def test_a_sentence_gives_its_event_with_its_sides(line: str) -> None:
    type_, text, sides = line.split(" | ")
    source, target = sides.split(" > ")
    found = claims(text)
    read = [(named(c.source, sectors=True), named(c.target, sectors=False)) for c in found if c.type == type_]
    assert any((source in ("-", who) or who.split(".")[0] == source) and target in (whom, "-") for who, whom in read), [
        (c.type, c.rule, named(c.source, sectors=True), named(c.target, sectors=False)) for c in found
    ]


@pytest.mark.parametrize("text", NOTHING.strip().splitlines())
def test_hunters_crashes_and_games_give_nothing(text: str) -> None:
    assert claims(text) == []


def test_a_rule_for_stopping_names_what_is_stopped() -> None:
    assert [c for c in claims("Sweden stopped granting visas to Iranians.") if c.type == "RETREAT"] == []
