"""A small made world in the files of the real publishers.

Two Nigerian squares, one of Sudan with one of South Sudan below it, and a handful of events whose sums are easy to
work out by hand.
"""

import gzip
import json
from typing import Any

import pandas as pd
import yaml

from faultline.features.sources.admin1_units import read_admin1_units

STATES: list[dict[str, Any]] = [
    {"gwno": 2, "name": "United States of America", "region": "Americas", "system": [(1816, None)]},
    {"gwno": 89, "name": "United Provinces of Central America", "region": "Americas", "system": [(1823, 1839)]},
    {"gwno": 265, "name": "German Democratic Republic", "region": "Europe", "system": [(1949, 1990)]},
    {"gwno": 340, "name": "Serbia", "region": "Europe", "system": [(1878, 1915), (2007, None)]},
    {"gwno": 345, "name": "Serbia (Yugoslavia)", "region": "Europe", "system": [(1918, 2006)]},
    {"gwno": 347, "name": "Kosovo", "region": "Europe", "system": [(2008, None)]},
    {"gwno": 436, "name": "Niger", "region": "Africa", "system": [(1960, None)]},
    {"gwno": 501, "name": "Kenya", "region": "Africa", "system": [(1963, None)]},
    {"gwno": 475, "name": "Nigeria", "region": "Africa", "system": [(1960, None)]},
    {"gwno": 625, "name": "Sudan", "region": "Africa", "system": [(1956, None)]},
    {"gwno": 626, "name": "South Sudan", "region": "Africa", "system": [(2011, None)]},
]

COUNTRY_MONTH = """\
gwno,year,month,sb_events,sb_deaths,ns_events,ns_deaths,os_events,os_deaths,provisional
436,2015,3,1,4,3,9,0,0,0
475,2015,3,10,100,1,3,2,20,0
475,2015,4,2,5,0,0,0,0,0
475,2026,1,1,7,0,0,0,0,1
"""

# 640 is Nigeria's war, 20 an interstate war, 5174 an organised non-state dyad in both states, 5175 a communal one,
# 9001 and 9002 are in no registry, 77 is a one-sided dyad.
DYAD_MONTH = """\
dyad_id,type,year,month,events,deaths,provisional
640,sb,2015,3,8,80,0
640,sb,2015,4,2,5,0
20,sb,2015,3,1,4,0
5174,ns,2015,3,4,12,0
5174,ns,2015,4,2,6,0
5175,ns,2015,3,1,2,0
9001,sb,2026,1,1,7,1
9002,ns,2026,1,1,3,1
77,os,2015,3,2,20,0
"""

DYADS = [
    {
        "id": 640,
        "conflict": 297,
        "type": "intrastate",
        "side_a": "Government of Nigeria",
        "side_a_id": [84],
        "side_b": "JAS",
        "side_b_id": [1051],
    },
    {
        "id": 20,
        "conflict": 300,
        "type": "interstate",
        "side_a": "Government of Niger",
        "side_a_id": [85],
        "side_b": "Government of Nigeria",
        "side_b_id": [84],
    },
]
NONSTATE = [
    {
        "id": 5174,
        "organization_level": 1,
        "side_a": "JAS",
        "side_a_id": [1051],
        "side_b": "IS, Yan Gora",
        "side_b_id": [234, 4000],
        "countries": [436, 475],
    },
    {
        "id": 5175,
        "organization_level": 3,
        "side_a": "Fulani",
        "side_a_id": [700],
        "side_b": "Tiv",
        "side_b_id": [701],
        "countries": [475],
    },
]
CONFLICTS = [{"id": 297, "countries": [475]}, {"id": 300, "countries": [436, 475]}]

ACTORS = """\
ActorId,NameData,Org,Splinter,ActorIdPrev,ActorIdSplitTemp,ActorIdAlliance,ActorIdGroup,NSCoalitionID
84,Government of Nigeria,4,0,,,,,
234,IS,1,0,,,,,
539,AQIM,1,1,538,,,,
538,GIA,1,0,,,,,
1051,Jama'atu Ahlis Sunna,1,0,,,,,
1157,Ansar Dine,1,0,,,6716,,
4000,Yan Gora,1,1,84,,,84,
6267,FLM,1,1,1157,,,"1157, 6716",
6716,JNIM,1,0,,,,,
283,RIRA,1,1,283,,,,
"""

GED_COLUMNS = (
    "id,type_of_violence,dyad_new_id,side_a_new_id,side_b_new_id,source_headline,side_a,side_b,gwnoa,gwnob,where_prec,latitude,longitude,"
    "country_id,date_start,date_end,best"
)
HXL = ",,,,,,#group+name+first,#group+name+second,,,,#geo+lat,#geo+lon,,#date+start,#date+end,#affected+killed"
#: In square NGA-1 (Lagos), then NGA-2 (Ogun); known to the country only; 10 km into the sea; 100 km into it. The second
#: runs over two months: 3 of its 5 days are in February.
GED_NIGERIA = f"""\
,{GED_COLUMNS}
0,{HXL}
1,1.0,1.0,640.0,84.0,1051.0,"A headline
of two lines",A,B,475.0,,1.0,5.5,0.5,475.0,2012-01-05 00:00:00.000,2012-01-05 00:00:00.000,10
2,2.0,2.0,5174.0,1051.0,234.0,x,A,B,,,4.0,5.5,1.5,475.0,2012-01-30 00:00:00.000,2012-02-03 00:00:00.000,6
3,3.0,3.0,77.0,1051.0,1.0,x,A,B,,,5.0,5.5,1.5,475.0,2012-01-09 00:00:00.000,2012-01-09 00:00:00.000,3
4,4.0,2.0,5175.0,700.0,701.0,x,A,B,,,2.0,4.91,0.5,475.0,2012-03-01 00:00:00.000,2012-03-01 00:00:00.000,2
5,5.0,2.0,9999.0,700.0,701.0,x,A,B,,,2.0,4.0,0.5,475.0,2012-03-01 00:00:00.000,2012-03-01 00:00:00.000,1
"""
#: In Sudan's square; in South Sudan's before the secession; 11 km into it after it.
GED_SUDAN = f"""\
{GED_COLUMNS}
{HXL}
11,1,641,112,500,x,A,B,,,1,12.5,30.5,625,2011-05-01 00:00:00.000,2011-05-01 00:00:00.000,4
12,1,641,112,500,x,A,B,,,1,11.5,30.5,625,2011-05-01 00:00:00.000,2011-05-01 00:00:00.000,8
13,1,641,112,500,x,A,B,,,1,11.9,30.5,625,2012-05-01 00:00:00.000,2012-05-01 00:00:00.000,16
"""

COUPS = (
    "country\tccode\tccode_gw\tccode_polity\tyear\tmonth\tday\tcoup\tversion\n"
    '"Niger"\t436\t\t\t2021\t3\t31\t1\t"V2023.09.08"\n'
    '"Niger"\t436\t\t\t2023\t6\t26\t2\t"V2023.09.08"\n'
    '"Yemen"\t679\t\t\t1995\t1\t9\t1\t"V2023.09.08"\n'
)

MONTHLY = """\
source,mission,year,month,location,country,latitude,longitude,no.troops
Map 1,UNMIS,2010,6,Juba,Sudan,11.5,30.5,300
Map 2,UNMIS,2010,6,Juba,Sudan,11.5,30.5,450
Map 2,UNMIS,2010,6,unnamed,Sudan,12.5,30.5,unknown
Map 2,UNMIS,2010,6,unnamed,Sudan,12.6,30.5,150
Map 3,UNMIK,2007,12,Pristina,Kosovo,42.7,21.2,0
"""
YEARLY = """\
mission,year,country,location,latitude,longitude,NoTroops
UNMISS,2020,South Sudan,Juba,11.5,30.5,900
UNMISS,2022,South Sudan,Juba,11.5,30.5,NA
UNMISS,2022,South Sudan,Juba,11.5,30.5,1200
UNMISS,2022,South Sudan,Juba,11.5,30.5,1100
"""


# The second election is put off and then held; the third still lay ahead when the list came out.
ELECTIONS = """\
ccode,elec_year,elec_month,elec_day,sequence,event,elecnum,type
436,2016,2,21,1,Announced,436020,X
436,2016,3, ,1,Announced,436021,X
436,2016,3,20,2,"Vote, Early",436021,X
436,2025,12,31,1,"Upcoming, Scheduled",436024,X
436,2022,1,1,1,Announced,436025,X
679,1945,1,1,1,"Vote, As Scheduled ",679001,L
679,1997,4,27,1,"Vote, As Scheduled ",679002,L
"""
LEADERS = """\
ccode,leadid,leader,sdate,smonth,syear,emonth,eyear,militarycareer
436,a-1,Issoufou,7,4,2011,,,0
436,a-2,Salou Djibo,18,2,2010,4,2011,1
679,b-1,Hadi,27,2,2012,,,-99
475,c-1,Macaulay,1,1,1940,1,1946,0
"""
REGIMES = "gwno,year,regime\n436,2022,2\n436,2023,0\n475,2022,1\n"


def _square(code, country, lon, lat, *, name="Nowhere", iso="XX-"):
    ring = [[lon, lat], [lon + 1, lat], [lon + 1, lat + 1], [lon, lat + 1], [lon, lat]]
    properties = {"adm1_code": code, "adm0_a3": country, "name": name, "region": "", "iso_3166_2": iso}
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


SQUARES = [
    _square("NGA-1", "NGA", 0, 5, name="Lagos", iso="NG-LA"),
    _square("NGA-2", "NGA", 1, 5, name="Ogun"),
    _square("NGA+99?", "NGA", 3, 5),
    _square("CMR-1", "CMR", 2, 5),
    _square("SDN-1", "SDN", 30, 12, name="Khartoum"),
    _square("SDS-1", "SDS", 30, 11, name="Unity"),
]


#: Events by region and month: a name and its other spelling, a region that was replaced, and one of what is now another
#: state.
ADMIN_1 = [
    ("Nigeria", "Lagos state", "2010-01", 1, 0, 0, 5),
    ("Nigeria", "Lagos state", "2024-12", 0, 1, 1, 7),
    ("Sudan", "North Darfur state", "2012-03", 2, 0, 0, 20),
    ("Sudan", "Northern Darfur state", "2012-03", 1, 0, 0, 3),
    ("Sudan", "Unity state", "2011-02", 1, 0, 0, 4),
    ("Kenya", "Coast province", "2012-05", 0, 1, 0, 2),
]
#: Placed to the town, with sides by name: in Kenya, which has no event file of its own here.
PRECISE = """\
id,country,type_of_violence,side_a,side_b,latitude,longitude,best_death,date
1,Kenya,State-based violence,Government of Kenya,JNIM,10.1,20,3,2015-04-02
2,Nigeria,State-based violence,Government of Nigeria,JNIM,6.5,3.4,5,2015-04-02
"""
CANDIDATE_COLUMNS = "country,adm_1,where_prec,latitude,longitude,date_start,type_of_violence,best"
#: Under its name; under a name that nobody lists, near Lagos; known to the country only; in a country without regions;
#: begun before the month.
CANDIDATES = {
    1: f"""\
{CANDIDATE_COLUMNS}
Nigeria,Ogun state,1,7.0,3.0,2026-01-05 00:00:00.000,1,11
Nigeria,Lagos and surroundings,4,6.5,3.5,2026-01-31 00:00:00.000,3,2
Nigeria,,6,9.0,8.0,2026-01-09 00:00:00.000,1,1
Serbia,,1,44.0,21.0,2026-01-09 00:00:00.000,1,1
Nigeria,Ogun state,1,7.0,3.0,2025-12-31 00:00:00.000,1,50
""",
    2: f"{CANDIDATE_COLUMNS}\nSudan,Khartoum state,1,15.5,32.5,2026-02-01,1,9\n",
}


def admin_1_counts(folder, rows=None):
    """Write the events by region and month, and hand the file on."""
    columns = ["country", "adm_1", "month", "n_sb", "n_ns", "n_os", "deaths"]
    table = pd.DataFrame(rows or ADMIN_1, columns=columns)
    table = table.assign(
        unit=table["country"] + " | " + table.pop("adm_1"),
        month=pd.to_datetime(table["month"]),
        n_events=table[["n_sb", "n_ns", "n_os"]].sum(axis=1),
    )
    file = folder / "ucdp" / "admin1-month-25.1.parquet"
    file.parent.mkdir(parents=True, exist_ok=True)
    table.to_parquet(file)
    return file


def places():
    """Places of every region that the package lists: Lagos where it is, the others in a row."""
    units = read_admin1_units()
    rows = ["iso3,adm_1,events,deaths,lat,lon"]
    for number, row in enumerate(units.itertuples()):
        lat, lon = {"NG-LA": (6.5, 3.4), "NG-OG": (7.0, 3.0)}.get(str(row.region_id), (10 + number / 100, 20))
        rows.append(f'{row.ucdp_iso3},"{row.ucdp_adm_1}",2,9,{lat},{lon}')
    return "\n".join(rows) + "\n"


def geojson(features):
    return json.dumps({"type": "FeatureCollection", "features": features})


def write_world(folder):
    """Write the made world into a folder and hand the folder on."""
    states = [
        {
            **state,
            "abbrev": "XXX",
            "microstate": False,
            "system": [{"from": start, "to": end} for start, end in state["system"]],
        }
        for state in STATES
    ]
    meta = {
        "ucdp_release": "26.1",
        "annual_coverage_end": "2025-12-31",
        "data_through": "2026-05-31",
        "counts": {
            "states": len(states),
            "conflicts": len(CONFLICTS),
            "dyads": len(DYADS),
            "nonstate_dyads": len(NONSTATE),
            "country_months": COUNTRY_MONTH.count("\n") - 1,
            "dyad_months": DYAD_MONTH.count("\n") - 1,
        },
    }
    registries = {"meta": meta, "states": states, "dyads": DYADS, "nonstate": NONSTATE, "conflicts": CONFLICTS}
    texts = {f"ucdp/{name}.yaml": yaml.safe_dump(content) for name, content in registries.items()}
    texts |= {
        "ucdp/country-month.csv": COUNTRY_MONTH,
        "ucdp/dyad-month.csv": DYAD_MONTH,
        "ucdp/actor-22.1.csv": "\ufeff" + ACTORS,
        "ucdp/ged201-nigeria.csv": GED_NIGERIA,
        "ucdp/ged241-sudan.csv": GED_SUDAN,
        "ucdp/admin1-places-26.1.csv": places(),
        **{f"ucdp/candidate/GEDEvent_v26_0_{month}.csv": text for month, text in CANDIDATES.items()},
        "transitions/powell-thyne-coups-2023.09.08.tsv": COUPS,
        "transitions/electionlist_3_21.csv": ELECTIONS,
        "transitions/leaderlist_3_21.csv": LEADERS,
        "transitions/regimes-of-the-world.csv": REGIMES,
        "deployments/geopko-2.1-monthly.csv": MONTHLY,
        "deployments/geopko-2.3-yearly.csv": YEARLY,
        "boundaries/africa-admin1-naturalearth.geojson": geojson(SQUARES),
    }
    for name, text in texts.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    admin_1_counts(folder)
    (folder / "ucdp" / "ged211-precise.csv.gz").write_bytes(gzip.compress(PRECISE.encode()))
    return folder
