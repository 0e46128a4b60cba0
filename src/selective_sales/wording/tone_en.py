"""The English phrases of the tone lint; `phrases` says how they are written."""

from __future__ import annotations

from .manners import Manner, WordList

_BLAME = """
let|lets|letting us down
your|their|his|her own doing|making
you|client|customer|they|he|she|company (have|has|had|did|again|simply|do) (repeatedly|again|simply|often) failed|fail|fails (to)
you|you've|you're|they (have) neglected|ignored|disregarded|breached|violated|abused|misused|deceived|misled|lied
client|customer (has|have) neglected|ignored|disregarded|breached|violated|abused|misused|deceived|misled|lied
your|client|client's|customer|customer's|their|his|her own fault|negligence|carelessness|misconduct|misbehaviour|misbehavior|incompetence|dishonesty
your|client|customer|their|his|her fault|failure|failures|negligence|carelessness|misconduct|misbehaviour|misbehavior|laziness|refusal|lateness|disregard|unwillingness
is|are|was|were|being at fault
fault lies|is with
to blame
client|customer refuses|refused to
blame|blames|blamed|blaming
guilty|culpab*
cannot|can't|couldn't be trusted
could not be trusted
not to be trusted
did|does|do|didn't|doesn't|don't (not) bother (to)
broke|broken|breaks (your|their|his|its|every|the) promise|promises|word|agreement|agreements
keep|keeps|kept complaining|changing|delaying|demanding|arguing|quarrelling|ignoring|refusing
constantly|always|endlessly|forever complains|complain|complaining|complained|argues|arguing|demands|demanding|late
non compliance|compliant
untrustworthy|unreliable|irresponsible
through|because|due of|to (your|their|his) negligence|carelessness
"""
_BLAME_IN_LETTERS = """
your team|staff|people|company|employees|side (has|have|had) made|caused|failed|ignored|refused
unwilling|unwillingness|reluctant to
unacceptable
made|making|makes our|the work|cooperation|life|job impossible
you did|do|have|had not|never pay|paid|cooperate|cooperated|respond|responded|answer|answered|comply|complied|keep|kept|respect|respected|provide|provided|listen|return|returned|meet|met|honour|honoured
you didn't|don't|haven't|won't|wouldn't|never pay|paid|cooperate|cooperated|respond|responded|answer|answered|comply|complied|keep|kept|respect|respected|provide|provided|listen|return|returned|meet|met|honour|honoured
you (have|had|repeatedly|always) refused|refuse|caused|forced|made|demanded|insisted (us|it|on|that)
you|you've|your (own) mistake|mistakes|error|errors|behaviour|behavior|attitude|conduct|manners|tone|complaining|shortcomings|unpaid
your (constant|endless|many|repeated|excessive|unjustified|unreasonable|unfounded|unrealistic) constant|endless|repeated|excessive|unjustified|unreasonable|unfounded|unrealistic|exaggerated
unjustified|unfounded|unreasonable|unrealistic|excessive|exaggerated|baseless (customer|client) claim~|complaint~|demand~|expectation~|request~
claims|complaints|demands|expectations|requests (were|are|have) (been) unjustified|unfounded|unreasonable|unrealistic|excessive|baseless
because of you
you (repeatedly|constantly|always|still) late|complain|complained|demand|refuse|delay|delayed
despite (our) (many|repeated|several|numerous) reminders|requests|warnings
in spite of (our) (many|repeated|several|numerous) reminders|requests|warnings
lack of cooperation|respect|goodwill|interest
"""
_SCORE = """
client|customer|value|loyalty|risk|quality|your (value|loyalty|risk) index|indicator
classified|rated|ranked|scored|graded you
rank|ranks|ranked|rated|scored|scores among|below|last|lowest|lower|low|poorly
your|client|customer|credit|risk|our|internal|low|overall|minimum|required|total|loyalty|fit score|scores|scored|rating|ratings|rank|ranking|grade|points
you|client|customer (were|have|has|was|are) (been) scored|score|rated|ranked|graded|classified|categorised|categorized (as|in|below|too|only|among)
score|scores|scored|scoring|scorecard|scorecards
rating|ratings|ranking|rankings
# points|pts (out) (of) (#)
too few points
fewer|insufficient|enough points
points threshold
qualifying|passing|minimum threshold|mark|points
not|didn't|doesn't|don't qualify
not|didn't|doesn't|don't reach (the|our|a) required|minimum|necessary|qualifying threshold|score|points|level|value
not|didn't|doesn't|don't reach|meet (the|our) threshold
below|above|under (the|our) (minimum|required|internal) threshold|cutoff|benchmark
class|category|segment|tier|group|grade a|b|c|d client|customer
class|category|segment|tier b|c|d
a|b|c|d class|list|segment|tier|grade client|customer|clients|customers
algorithm|algorithms|algorithmic*
our|the|computer|automated system (has) (rated|decided|rejected|scored|classified|ranked|declined)
evaluation|assessment (result|score|of) (was|is) (your|you) (negative|poor|low|insufficient|unsatisfactory)
negative|poor|low|insufficient|unsatisfactory (overall) evaluation|assessment
your evaluation|assessment
"""
_COMPANY_POLICY = """
strategic|internal|business|policy|organisational|organizational|company reasons|considerations|grounds
company|corporate|internal|house|group|firm|firm's|office|management (own|sales|credit) policy|policies|rule|rules|guideline|guidelines|procedure|procedures|regulation|regulations|standard|standards|criteria|directive|directives
our (own|new|current|internal|general|strict) policy|policies|rules|guidelines|procedures|procedure|criteria|standards
our (own|new|current) credit|sales|pricing|commercial|client|customer|business|acceptance|lending|portfolio policy|policies|rules|guidelines|criteria|strategy
credit|sales|pricing|commercial|business|portfolio policy|policies
as a matter of policy
policy|policies (of) (ours|our|the) company|firm|house|reasons
policy reasons
against|per|under|following|by (the) policy|policies
policy does|do not allow|permit
policies do not allow|permit
head office|headquarters|board|management (has) (decided|decision|instructed|instructions)
decision of (the|our) board|management|head|headquarters
our (new|current|growth|company|overall) strategy
company|corporate strategy
"""
_COMPARISON = """
most (of) (our|the) clients|customers|buyers|accounts
among|amongst (the|our) (very) smallest|largest|lowest|worst|weakest|least|slowest
smallest|worst|weakest|lowest|slowest client~|customer~|account~|buyer~
than|to|with|unlike|like|while|whereas|where|as|versus|from (most|many|all|any|the|what|that|those|do|does|our) (of) (our|the) (many|more|much) other|comparable|similar|average|typical|better|regular client~|customer~|account~|buyer~|company|companies|firms
other|better|bigger|larger|best clients|customers|buyers (are|pay|order|bring|buy|do|have|need|who|deserve|with|generate)
our (more|most) other|better|best|bigger|larger|biggest|largest|important|valuable|loyal|key|top clients|customers|accounts
than (most|many|all|any|what|that|those|do|does) (of) (our|the) (other|comparable|similar|average|typical|better|regular) clients|customers|buyers|accounts
than most|others|average
than the average|other|others|rest|majority
the average|typical client|customer|account
average|typical client|customer
compared|comparison|relative to|with (the|our|most|all) (of) (our|the) other|others|average|rest|clients|customers|peers|portfolio|competitors (clients|customers)
unlike (our|most|the) (other|others|clients|customers|rest)
below|above (the|our) (portfolio|client|customer) average
key|priority|strategic|premium clients|customers|accounts
"""
_PROFIT = """
earn|earns|earned|earning (too|very|not) enough|little|nothing|less
not|doesn't|don't pay off|for us
costs|cost|costing us money|dearly
return|returns on (your|the|this|our) account|contract|client|customer|effort|relationship
bring|brings|brought|bringing us (in) (too|very|not) enough|little|less|nothing|money|revenue
profit|profits|profitable|profitability|profitably|unprofitable|unprofitably|unprofitability
margin|margins
loss making|maker
lossmaking
makes|make|making|made (us|a|only|too) (us) (a) loss|losses
at a loss
lose|loses|losing|lost money
not|cannot|can't|never make|makes|making money
our (own|annual|quarterly|net|yearly|total) revenue|revenues|earnings|income|turnover|losses|bottom
our (own|annual|sales|revenue|growth|quarterly) targets|target|goals|figures|numbers|results
financial result|results
brings|bring|brought|generates|generate|earns|earn|yields|contributes (us) (in|far|much) too|very|so little|few
brings|bring|brought|generates|generate|earns|earn|yields|contributes (us) (too|very|so) little|less|nothing
not|isn't|hardly|no (be|longer) (economically) (commercially) worth|worthwhile|viable|lucrative (it|our|us|for|to)
worth (our|the|us) (while|effort|to)
uneconomic|uneconomical|lucrative
lifetime|customer|client value
roi
return on investment
pay|pays off for|to us
contribution to our|the (company)
"""
_INSULT = """
not the|our|a kind|type|sort of client|customer|company|partner
you people
stupid*|idiot*|moron*|fool|fools|foolish*|dumb
incompetent|incompetence|ignorant|ignorance|clueless
lazy|laziness|sloppy|careless
rude|rudeness|arrogan*|insolen*|impolite*
ill mannered
annoying|nuisance|irritating|obnoxious|whin*|nagging|quarrelsome|querulous|bossy
dishonest*|disloyal*|ungrateful|unprofessional*|unserious
liar|liars|lying|cheat|cheats|cheater|cheaters|cheating|crook|crooks|crooked|fraudster*|swindle*|scammer*|thief|thieves
toxic
parasite*|leech|leeches|freeloader*|scrounger*|cheapskate*|miser|miserly|stingy|greedy
hopeless*|worthless|useless|pathetic*|ridiculous*|laughable|disgraceful|shameful*
troublemaker*
trouble maker|makers
time waster|wasters
waste|wastes|wasting|wasted (of) (our) time
difficult|problem|problematic|awkward|bad|worst|terrible|awful|nightmare|impossible|demanding client|clients|customer|customers
high maintenance
client|customer is (a|an|very|too|so|simply) pain|nightmare|burden|nuisance|problem|difficult|impossible|problematic|demanding
nightmare
pain in the
entitled client|customer|attitude
"""
_INSULT_IN_LETTERS = """
too|so small|minor|weak|little (a|an) client|customer|company|account|business|buyer
too|so small|minor|weak|little for us|our
you|client|customer|company (are|is) (simply|just|far|much) too small|minor|weak
too|so small|minor|weak to matter
too|so insignificant|unimportant
not|isn't|aren't|no (be) (longer) (important|valuable|attractive|interesting|big|large|good) enough
unimportant|insignificant|unattractive|undesirable|unwanted|unworthy|inferior client|customer|account|relationship|business|company|partner
you|client|customer|account|company (are|is) unimportant|insignificant|unattractive|undesirable|unwanted|unworthy|inferior
second|third rate|tier|class (client|customer)
low|lower value|priority|tier client|customer|clients|customers|account|accounts
low priority
burden|burdens|burdensome
do|does not|don't|doesn't deserve
not|don't|doesn't fit in|us (with)
"""
_THREAT = """
reported|report (you|this|it) to (the) authorities|police|prosecutor|office|regulator|tax
legal action|steps|proceedings|consequences
to|in|before|through (the) court|courts
court proceedings|action|case|order
lawsuit|lawsuits|litigation
sue|sued|suing
prosecut*
lawyers|solicitors|attorneys
debt collector|collectors|collection|agency
collection agency|agencies
bailiff*
or else
last|final warning|chance|notice
you will|shall regret
regret (it|this) later
serious|severe|grave|dire|unpleasant|the consequences
face|suffer|bear (the|serious|severe|further) consequences|penalties|penalty
warn|warned|warning|warnings
blacklist*
black list|listed
report you
threat*
"""
_PROTECTED = """
sex|gender|genders
your|client|client's|customer|customer's|his|her|their|owner|owner's (old|advanced|young) age
age group|groups|bracket|limit
because|due (of) (to) age
aged over|under|#
old age
too old|young (a) (for) client|customer|owner
you|client|customer|he|she (are|is|were|was) too old|young
elderly|pensioner*
senior citizen|citizens
your|his|her|their|client|client's race|origin|faith|belief|beliefs|sexuality|orientation|accent|birthplace|descent
racial*
ethnic*
national|social origin
nationalit*|citizenship|citizenships
foreigner|foreigners|immigrant*|migrant*|refugee*
foreign national|nationals|citizen|citizens|client|clients|owner|owners|origin
religio*
muslim*|christians|jew|jews|jewish|catholic|catholics|hindu*|atheist*
disability|disabilities|disabled client|customer|person|people|owner
disability|disabilities
handicap*|wheelchair*
pregnan*|maternity
woman|women|female|females
man|male client|customer|owner
is|are a man
homosexual*|gay|lesbian*|transgender*
sexual orientation
political view|views|opinion|opinions|belief|beliefs|party|conviction|convictions
worldview*|world view
national|ethnic|sexual|religious minority|minorities
skin colour|color
colour|color of (your|his|her|their) skin
mother tongue
native language|speaker|speakers|tongue
do|does|did|cannot|can't|don't|doesn't (not) speak (any|our|good|fluent) polish|english|german|language|ukrainian
date|place|country|year of birth
birthplace
marital|family status
single mother|parent
genetic*
"""
_THIRD_PARTY = """
competitor|competitors|supplier|bank|neighbour|colleague (has|have) told|informed|warned|wrote|reported (to) (us)
credit bureau|bureaus|agency|agencies|report|reports|reference|references
we heard|hear
we (have) (been) (were) heard|told|informed|learned|learnt|advised (by|from|that) (others|third|other|your|a|another|competitors|suppliers)
according|as to (your|other|our|several|some|a) (former|other) supplier~|competitor~|competition|partner~|employee~|colleague~|bank|market
rumour*|rumor*|hearsay|gossip
third party|parties
your competitor|competitors|competition|suppliers|supplier|bank|neighbours (told|tell|says|say|has|have|report|reports|confirmed)
another client|customer|supplier
other suppliers|companies (told|tell|say|report|have)
word|reputation in the market|industry
your reputation
"""
_MEANT_WELL = """
no fault of yours|your
not (been) (your|a) (own) fault|blame
through|without any|no fault (of) (yours|your)
our (own) fault|failure|failures|negligence|mistake
nobody is to blame
no one is to blame
not (to) (be) blame|blamed
you never failed
not failed|fail
never fail|failed|fails
your mistake|error report|reports|message|messages|logs
without fail
on that score
scores of
credit score
# star rating
your rating|ratings (of) (our|for|helps|helped)
energy|fire|insulation|load|pressure rating|ratings|class
# points of|sale
percentage|decimal|service|collection|delivery|pick|access|data points
# percentage|service|collection|delivery|access points
privacy|return|returns|refund|cancellation|cookie|insurance|security policy|policies
your (own) (company|internal|corporate|house|travel|purchasing|security) policy|policies|rules|standards|guidelines|procedures
company standard|rules of
standards of
introduc*|recommend*|refer*|referred (us|you) ... clients|customers|client|customer
your (own|best|other|typical|end|regular) client~|customer~
your (own|annual|net) profit~|profitability|margin~|revenue|revenues|earnings|turnover|results
profit~|profitable|margin~ for|to you
margin of error
safety|wide|print|page margin|margins
by a wide|narrow margin
not for profit
non profit
toxic waste|substance~|material~|product~|chemical~
customer service
lost profit
useless without
waste of paper|material|materials
no|not a|any burden
administrative|tax|regulatory burden
second class post|mail
court of arbitration
jurisdiction of ... court|courts
early warning
tennis|food|squash|basketball|volleyball court|courts
thank you for your evaluation|assessment|rating|score
warning light|label|labels|lights|system|sign|signs
final notice of
no threat
same sex
women|female|woman|man|male connector|connectors
women clothing|wear|shoes|section
women's clothing|wear|shoes|section
legal notice
lawyers ... reviewed|review
your lawyers|solicitors|attorneys
third party software|service|services|supplier|licence|license|licences|components|costs|insurance
liability|insurance third party
age|year of (the|your|our|an|a) invoice|account|debt|equipment|machine|order|receivable|receivables
version|versions|software|system|machine|machines|device|devices|equipment|stock (is|are) too old
foreign currency|trade|exchange|language|languages|market|markets|transfer|transfers
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
        Manner.BLAME: "The invoice of 3 May is unpaid.",
        Manner.SCORE: "Tickets in the last year: {tickets}; the contract covers 20.",
        Manner.COMPANY_POLICY: "We do not deliver outside Poland.",
        Manner.COMPARISON: "In the last year we worked {service_hours} hours for you.",
        Manner.PROFIT: "The fees do not cover the scope of work.",
        Manner.INSULT: "Revisions in the last year: {revisions}; the contract provides for 12.",
        Manner.THREAT: "The contract ends on 31 March; until then we work as before.",
        Manner.PROTECTED: "Orders in the last year: {orders}.",
        Manner.THIRD_PARTY: "Payments arrived {payment_delay} late on average.",
        Manner.SHOUTING: "Please write to us by 15 March.",
    },
)
