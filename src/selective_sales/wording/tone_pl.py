"""The Polish phrases of the tone lint; `phrases` says how they are written."""

from __future__ import annotations

from .manners import Manner, WordList

_BLAME = """
niedbalstw~|niedbał~|niedbale
sobie winien|winna|winni
nie wywiąza*|wywiązuj*|wywiązyw* (się)
niewywiąza*|niewywiązyw*
z państwa|klienta|pana|pani|jego|ich|jej|waszej|twojej|swojej winy
wina|winę|winą|winy (leży) (jest) (po) (stronie) państwa|klien*|pana|pani
państwa|pana|pani|klienta|wasz~|twoj~|jego wina|winę|winą
jest|są|był|była|byli winny|winna|winni|winien
obwini*
klient odmawia|odmówił zapłaty|płacenia|płatności
zawini*
zaniedba*|zaniedbuj*|zaniedbyw*
zlekceważ*|lekceważ*
zignorowa*|ignorowa*|ignoruj*
nie dopełni*
nie raczy*|raczą
złama* ... umow~|zasad~|słowo|warunk~|obietnic~|regulamin~
naruszył|naruszyła|naruszyli|naruszyły|naruszają|naruszał|naruszali
nie dotrzyma*|dotrzymuj*|dotrzymyw*
niedotrzyma*|niedotrzymyw*
nie przestrzega*
nieprzestrzega*
uchybi*
dopuści*|dopuszcza* się
nadużywa*|nadużył*|nadużyci*
wyłudz*
zawiódł|zawiodła|zawiedli|zawiedliście
psuj*|niszcz* ... atmosfer*|relacj*|morale|zesp*
państwo|klient nie potrafi|potrafią|umie|umieją
nie potrafi|potrafią|umie|umieją (się) państwo|klient
notoryczn*|nagminn*|uporczyw*
opieszał*
"""
_BLAME_IN_LETTERS = """
odpowiedzialn~|odpowiedzialni|winni za opóźnieni~|szkod~|stan|brak~|zwłokę|to
nie był|była|byli (państwo|pan|pani) w stanie
nieuzasadnion~|niezasadn~|bezzasadn~|bezpodstawn~ (państwa) roszcze*|reklamacj*|żąda*|pretensj*|skarg*|oczekiwa*|uwag*|odmow*
roszcze*|reklamacj*|żąda*|pretensj*|skarg* (były|są|okazały) (się) nieuzasadnion~|niezasadn~|bezzasadn~|bezpodstawn~
państwa|pana|pani zachowani~|postaw~|postępowani~|nastawieni~|zaniechani~|zaniedbani~
nadmiern~|wygórowan~|nierealn~|przesadn~|nieracjonaln~ (państwa) oczekiwa*|wymaga*|żąda*|roszcze*
państwa (ciągł~) nadmiern~|wygórowan~|nierealn~|przesadn~
państwo nie zapłacili|uregulowali|dostarczyli|odpowiedzieli|wykonali|odebrali|podpisali|współpracują|współpracowali|płacą|chcieli|reagują|reagowali
nie zapłacili|uregulowali|dostarczyli|odpowiedzieli|wykonali|odebrali|podpisali|współpracowali|chcieli|reagowali (nam) państwo
państwo zwlekają|zwlekali|spóźniają|spóźniali|odmówili|odmawiali|odmawiają|spowodowali|doprowadzili|utrudniają|utrudniali|wymuszają|nalegają
zwlekają|zwlekali|odmówili|odmawiali|odmawiają|spowodowali|doprowadzili|utrudniają|utrudniali|wymuszają państwo
brak (dobrej) współpracy|woli|reakcji|odpowiedzi (z) państwa
brak dobrej woli
zmusili|zmuszają (nas) państwo
mimo|pomimo (wielu|licznych|wielokrotnych|kolejnych|naszych) upomnień|próśb|przypomnień|wezwań|ponagleń|monitów
odpowiedzialność (za) (to) (ponosi|ponoszą) państwo
"""
_SCORE = """
państwa|pana|pani wynik to|wynosi|wyniósł|jest|spadł|#
punktacj*
sum~|liczb~ punktów ... próg~|progu|niska|niewystarczając~
scoring*
rating*
ranking*
ocen~ punktow*
# pkt|punkt~ (na|z|w) (#) (możliwych|skali)
mał~|nisk~ liczba|liczbę|liczby punktów
mało|niewiele punktów
punktów (w|z) ocen~|klasyfikacj~
zdobyli|uzyskali|otrzymali (państwo) (zbyt|za|tylko) (mało) (#) punktów|punkty|punkt|ocen~
prog~|próg (punktow*) ocen~|punktow~|akceptacji|kwalifikacji|klasyfikacji
wynik~ (państwa|naszej|wewnętrznej|ostatniej) ocen~|klasyfikacj~|kwalifikacj~|analizy
ocen~ (państwa) klienta|kontrahenta|wiarygodności|ryzyka|zdolności|współpracy
państwa|pana|pani ocena wynosi|jest|spadła|wyniosła
nisk~|niższ~|słab~|negatywn~|niedostateczn~|niewystarczając~ ocen~
ocena|ocenę|oceny państwa|pana|pani (firm~)
klien*|kontrahen*|państwo|państwa|firm~ (z|do|w|należ*) (do) (klas*|kategor*|segmen*|grup*) a|b|c|d
klientem (w|z) klasy|kategorii|segmentu|grupy a|b|c|d
wskaźnik~ (dopasowania|wartości|oceny|rentowności) (klienta|państwa) wynosi|jest|spadł
wskaźnik~ dopasowania|wartości klienta|państwa
algorytm*
system ocen*|zakwalifikował|zaklasyfikował|przypisał|odrzucił
zaklasyfikowa*|sklasyfikowa*|zakwalifikowa* ... klien*|grup~|kategori~|segment~
"""
_COMPANY_POLICY = """
tak~|inn~ (mamy|jest) (nasza) polityk~|procedur~|regulamin~
mamy|mieliśmy (taką|inną|nową) politykę|procedury|procedurę
względ~|powod~|przyczyn~ biznesow~|strategiczn~|organizacyjn~
polityk~ (naszej|nasza|całej|tej) firm~|spółk~|przedsiębiorstw~|agencj~|grupy|koncern~|organizacj~|korporacj~
firmow~|korporacyjn~|wewnętrzn~ (nasz~) polityk~|regulamin~|procedur~|zasad~|wytyczn~|regulacj~|przepis~|standard~|kryteri~|instrukcj~|ustaleni~
polityk~|regulamin~|procedur~|zasad~|wytyczn~|regulacj~|przepis~|kryteri~|standard~ wewnętrzn~|firmow~|korporacyjn~|zakładow~
nasz~ (now~|obecn~|aktualn~) polityk~|procedur~|wytyczn~|kryteri~
polityk~ handlow~|sprzedażow~|sprzedaży|kredytow~|cenow~|biznesow~|portfelow~|współpracy
zasad~|procedur~|wytyczn~|standard~|kryteri~ (naszej|przyjęte|przyjętych|obowiązujące|obowiązujących|obowiązujący~) (w) (naszej) firm~|spółk~|centrali|zarządu|grupy
względ~|powod~|przyczyn~ proceduraln~|wewnętrzn~
decyzj~ (naszego) zarządu|centrali|dyrekcji|kierownictwa
strategi~ (naszej|now~) firm~|spółk~|przedsiębiorstw~|agencj~
nasz~ (now~|obecn~) strategi~
"""
_COMPARISON = """
porównywaln~|podobn~ (nasi|naszych) klien*|kontrahen*|odbiorc*
większoś* (naszych) klientów|kontrahentów|odbiorców|partnerów
najmniejsz~|największ~|najsłabsz~|najgorsz~ (nasz~) klien*|kontrahen*|odbiorc*
niż (u|dla|w|od) (przypadku) inn~|pozostał~|większoś*|reszt~|przeciętn~|średni~|typow~|nasi|naszych|nasz ... klien*|kontrahen*|odbiorc*|partner*|firm|firmy
niż inni|pozostali|większość|średnia|przeciętna|reszta
w porównaniu (z|do|ze) ... klien*|kontrahen*|odbiorc*|partner*|innymi|innych|pozostałymi|pozostałych|konkurencj~
na tle ... klien*|kontrahen*|odbiorc*|innych|pozostałych|portfela|branży
w odróżnieniu|przeciwieństwie od|do ... klien*|kontrahen*|odbiorc*|innych|pozostałych
inni|pozostali|lepsi|więksi|ważniejsi|najlepsi|więksi|solidniejsi (nasi) klienci|kontrahenci|odbiorcy|partnerzy
lepsz~|ważniejsz~|więksi|większych|większym|cenniejsz~|najlepsz~|najważniejsz~ klienci|klientów|klientom|klientach|klientami|kontrahen*|odbiorc~
przeciętn~|średni~|typow~|statystyczn~ (nasz~) klient|klienta|klientowi|klientem|kontrahent~|odbiorca|odbiorcy
poniżej|powyżej średniej|przeciętnej
kluczow~|strategiczn~|priorytetow~ klienci|klientów|klientach|klientami|klientom|klientow
klienci|klientów|klientach|klientami|klientom kluczow~|strategiczn~|priorytetow~
jak inni|pozostali (nasi) klienci|kontrahenci
"""
_PROFIT = """
dokładamy do|z
zysk|zysku|zyski|zysków|zyskiem|zyskowi|zyskom|zyskami|zyskach
zyskown*|niezyskown*
marż~|marżow~|wysokomarżow~|niskomarżow~|bezmarżow~
rentown*|nierentown*
opłacaln*|nieopłacaln*
nie opłaca (nam) (się)
nam|firmie (się) (nie) opłaca|opłacało|opłacała|opłacają
opłaca|opłacało|opłacała (się) nam|firmie
dochodow~|niedochodow~
deficytow~ współprac~|klien*|umow~|obsług~|kontrakt~
przynosi*|przynoszą|przyniosł~|przyniesie|generuj*|daje|dają|wnos* (nam|firmie|naszej) (firmie) (zbyt|za|tylko|ciągle|same) mał~|mało|niewielk~|niewiele|strat~
ponosimy|ponieśliśmy|ponosi|poniosła ... strat~
ze stratą
strat~ dla|naszej|finansow~ (naszej) (nas|firm~|spółk~)
nasz~ (własn~|roczn~) przychod~|przychód|dochod~|dochód|obrot~|obrót|wynik~|zarob~|strat~|oszczędnoś*
wynik~ finansow~
nie warto
nie jest|są (to) (dla) (nas) wart~
wartoś* (życiow~|całkowita) klienta
zwrot~ z inwestycji
zarabiamy|zarobimy|zarobiliśmy|zarobek|zarobku|zarobki|zarobków
cel~|plan~|target~ sprzedażow~|finansow~|przychodow~
"""
_INSULT = """
głup*|idiot*|debil*|kretyn*|imbecyl*
niekompeten*|nieudoln*|nieudaczn*|ignoranc*|ignorant~
leniw*|leń|lenie|lenistw~
bezczeln*|arogan*|chamstw*|chamsk*|cham|chama|chamy|impertynen*|niegrzeczn*|niekulturaln*
natrętn*|natręt*|namoln*|upierdliw*|zrzędliw*|marudn*|maruda|marudy|marudzi*|pieniacz*|awantur*|kłótliw*
roszczeniow*
nieuczciw*|nierzeteln*|niesolidn*|nieodpowiedzialn*|nielojaln*|niesłown*|niewdzięczn*|niepoważn*
oszust*|oszuś*|oszuk*|kłam*|złodziej*|naciągacz*|cwania*|krętacz*|kombinator*|hochsztapler*
toksyczn*
pasożyt*|pijawk~|darmozjad*
beznadziejn*|bezwartościow*|żałosn*|żenując*|śmieszn*|kompromituj*|skandaliczn*
strat~|marnowani~ czasu|energii
irytując*|wkurz*|denerwując*
skąp~|skąpiec|skąpstw~|sknera|sknery
trudn~|problematyczn~|problemow~|kłopotliw~|uciążliw~|męcząc~|kiepsk~|marn~|zły|złego|złym|złych|źli|najgorsz~|śmieciow~ klien*|kontrahen*|odbiorc*
klien*|kontrahen* (jest|są) (bardzo|zbyt) trudny|trudna|trudni|problematyczn~|problemow~|kłopotliw~|uciążliw~|męcząc~
koszmar~|utrapieni~|kula u nogi
"""
_INSULT_IN_LETTERS = """
zbyt|za mał~|drobn~|słab~ (dla) nas|klien*|kontrahen*|odbiorc*|firm~|partner*|rynek
państwo|państwa|klient (firma) (jest|są) zbyt|za mał~|mali|drobn~|słab~
zbyt|za|mało|niewiele|mniej (mało) znacząc~|ważn~|istotn~|atrakcyjn~|interesując~|perspektywiczn~|wart~
nieistotn~|nieważn~|nieatrakcyjn~|niepożądan~|niechcian~|niewygodn~|zbędn~ klien*|kontrahen*|odbiorc*|partner*|współprac~
drugiej|trzeciej|niższej|gorszej|najniższej kategorii|klasy
jest|są|stali|byli|został~ (się) (państwo) (się) (dla) (nas|naszego|zespołu) (zespołu) ciężarem|obciążeniem|balastem|kłopotem|problemem|zagrożeniem
nie jest|są (już) (państwo) (dla) (nas) ważn~|istotn~|atrakcyjn~|wart~|interesując~
zbyt|za mali (dla) (nas) (by|żeby|żebyśmy|abyśmy|na)
nie zasługuj*|zasłuż*
konfliktow*
nie pasuj* (już) państwo|państwa
państwo|państwa (firma) nie pasuj*
nisk~|mał~ wartoś* (dla) (nas|klienta|firmy)
"""
_THREAT = """
pod rygorem
groźb~
konsekwencj~ prawn~|finansow~|poważn~
poważn~|przykr~|surow~|dotkliw~ (prawn~) konsekwencj~
wyciągn~|wyciągniemy|ponios*|poniesi* (państwo) (wobec) (państwa|tego) (stosown~) konsekwencj~
drog~ sądow~|prawn~
skierujemy|skierowa*|oddamy|podamy|wystąpimy|trafi|kierujemy ... sąd~|windykac*|prokuratur*|policj*|prawnik*
spotkamy|spotkać się w sądzie
pozew|pozwu|pozwem|pozwiemy
komornik*|komornicz*|egzekucj*|windykac*|windykator*
ostrzegamy|ostrzega|ostrzeżeni~
ostatni~|ostateczn~ szans~
ostatni~|ostateczn~|przedsądow~ (przedsądow~) wezwani~ do
przedsądow~
czarn~ list~
pożałuj*
grozi|grożą|grozimy|zagrożą (państwu)
zgłosimy ... do
wpis~|wpisan~|wpiszemy|zgłoszeni~ (państwa) (do|w) krd|rejestr~|bik
"""
_PROTECTED = """
państwa|pana|pani wiek|wieku|wiekiem
płeć|płci|płcią
wiek|wiekiem
wieku|wiekowi państwa|pana|pani|klien*|właściciel~|podeszł~|starsz~|emerytaln~|młod~
w (podeszłym|starszym|młodym) wieku
podeszł~|starsz~|młod~|zaawansowan~ wiek~
zbyt|za star~|młod~|stary (klient~|pan|pani|osob~|człowiek~|właściciel~)
osob~ starsz~
narodowoś*
obywatelstw*
państwa|pana|pani|klienta pochodzeni~
pochodzeni~ (państwa|pana|pani|klienta|etniczn~|społeczn~|rasow~|narodow~)
etniczn*
rasa|rasy|rasę|rasą|rasow*|rasie
religi*
wyznani~|wyznaniow~|bezwyznaniow*
niepełnosprawn*|inwalid*|inwalidz*|kalek*
emeryt*|rencist*
cudzoziem*|obcokraj*|imigran*|uchodźc*
kobieta|kobietą|kobietę|mężczyzna|mężczyzną|mężczyznę
ciężarn*|ciąża|ciążę|w ciąży
orientacj~ seksualn~
seksualn*|homoseks*|gejem|gej|lesbijk~|transpłciow*
przekonani~|pogląd~|opini~ polityczn~|religijn~
światopogląd*
mniejszoś* narodow~|etniczn~|seksualn~|językow~
kolor~ skóry
muzułm*|katoli~|prawosławn~|ateist~|świadk~ jehowy
język~ ojczyst~
nie mówi|mówią|mówić (państwo|pan|pani|klient) (po) polsku|angielsku
nie znają|zna|władają|włada (państwo|pan|pani|klient) języka|językiem|polskiego|polskim
stan~|status~|sytuacj~ majątkow~|cywiln~|rodzinn~
data|datę|daty|rok|miejsce urodzeni~
samotn~ matk~|ojc~
"""
_THIRD_PARTY = """
bank|dostawca|dostawcy|konkurencja|konkurent|sąsiedzi (państwa) poinformowa*|poinformował~|ostrzeg*|zgłosi*|przekaza*|doniós*|doniesi*
wywiadown~
biur~ informacji (kredytowej|gospodarczej)
rejest* dłużników
krd|erif|bik
doszły|dotarły (do) nas|naszych (słuchy|informacje|głosy|opinie)
słyszeliśmy
dowiedzieliśmy się
od|ze osób|firm|strony trzecich
osób|osoby|osobami trzecich|trzecie|trzecimi
według|zdaniem|opinii|relacji innych|państwa (dostawców|konkurencji|klientów|pracowników|byłych)
poinformowano nas|doniesiono nam|powiedziano nam
plotk~|plotek|pogłosk~|pogłosek
inny klient|kontrahent|dostawca
"""
_MEANT_WELL = """
z naszej winy
nasz~ wina|winę|winą
nie (jest) (to) (z) państwa winą|wina|winy
bez (państwa|niczyjej) winy
nie z (państwa) winy
nie zaniedb*|naruszał*|narusza*|naruszył*|zawini*|zawiódł|zawiedli
zaniedbaliśmy|zlekceważyliśmy|zignorowaliśmy|naruszyliśmy
winien|winna|winni (jest|są) nam
jest|są winien|winna|winni nam|#
nie jest|są (to) (niczyj*) wina|winą
punkt~ sprzedaży|odbioru|dostaw~|serwisow~|usługow~|handlow~|umowy|regulaminu|załącznika|kontaktow~|procentow~|widzenia|lojalnościow~|programu
# punkt~ sprzedaży|odbioru|dostaw~|serwisow~|usługow~|handlow~|umowy|kontaktow~|procentow~|rabatow~
ocen~ techniczn~|jakości|ofert~|zgodności|stanu|projektu|pracy|naszej
prosimy o (państwa) ocenę|opinię
polityk~ prywatności|zwrotów|cookies|plików
zarządu|dyrekcji|centrali|kierownictwa państwa|państwa spółki
państwa (nowego) zarządu|dyrekcji|centrali
decyzj~ państwa ...
decyzj~ zarządu państwa
standard~ jakości|bezpieczeństwa|techniczn~|iso
poleci*|poleca*|poleceni*|rekomend* ... klien*
kluczowym|strategicznym|ważnym klientem|partnerem|odbiorcą
państwa (własn~|roczn~) zysk~|zysków|marż~|rentown*|opłacaln*|dochod*|dochód|przychod~|strat~
zysk~|marż~|rentown*|opłacaln* (dla) państwa
dla państwa ... opłacaln*|nieopłacaln*|rentown*|zyskown*
podatk~|podatek|podatku dochodow~
non profit
państwa wynik~ finansow~
substancj~|odpad~|produkt~|materiał~|środk~ toksyczn*
nie jest|są|był~ nieuczciw*|nierzeteln*
nieuczciwej konkurencji
maszyn~|urządze*|pojazd*|sprzęt*|budynk*|instalacj* (są|jest) w wieku
polityk~|procedur~|zasad~|standard~|kryteri~ bezpieczeństwa|reklamacj*|zwrot~|odbioru
wiek~ maszyn|maszyny|urządze*|instalacji|należności|zobowiąza*|faktur*|pojazd*|budynk*|produkt*|towar*|zapasów
świadectw~ pochodzenia
kraj~ pochodzenia
ras~ ps*|kot*|koni|bydła
dowiedzieliśmy się od|z państwa
zgłosimy się do państwa
zgłosimy (się) (państwu) ... do (dnia|końca)
"""

WORDS = WordList(
    anywhere={Manner.BLAME: _BLAME, Manner.INSULT: _INSULT, Manner.PROTECTED: _PROTECTED},
    in_letters={
        Manner.BLAME: _BLAME_IN_LETTERS,
        Manner.SCORE: _SCORE,
        Manner.COMPANY_POLICY: _COMPANY_POLICY,
        Manner.COMPARISON: _COMPARISON,
        Manner.PROFIT: _PROFIT,
        Manner.INSULT: _INSULT_IN_LETTERS,
        Manner.THREAT: _THREAT,
        Manner.THIRD_PARTY: _THIRD_PARTY,
    },
    meant_well=_MEANT_WELL,
    instead={
        Manner.BLAME: "Faktura z 3 maja jest nieopłacona.",
        Manner.SCORE: "Zgłoszeń w ostatnim roku: {tickets}; umowa obejmuje 20.",
        Manner.COMPANY_POLICY: "Nie świadczymy usług poza Polską.",
        Manner.COMPARISON: "W ostatnim roku pracowaliśmy dla Państwa {service_hours} godzin.",
        Manner.PROFIT: "Opłaty nie pokrywają zakresu prac.",
        Manner.INSULT: "Poprawek w ostatnim roku: {revisions}; umowa przewiduje 12.",
        Manner.THREAT: "Umowa wygasa 31 marca; do tego dnia pracujemy jak dotąd.",
        Manner.PROTECTED: "Zamówień w ostatnim roku: {orders}.",
        Manner.THIRD_PARTY: "Płatności wpływały średnio {payment_delay} po terminie.",
        Manner.SHOUTING: "Prosimy o kontakt do 15 marca.",
    },
)
