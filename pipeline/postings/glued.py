"""Texts whose line breaks were lost: "…with teamsExperience in SQLMust have …" in lines again.

Layer:   postings (pure).
Quirk:   four collections in ten were scraped without the breaks of their lists. A capital inside a
         word is often a name ("PyTorch", "LinkedIn"), so a line begins only before a word that
         usually opens one, and only in a text in which that happens again and again.
"""

from __future__ import annotations

import re

_FEW_LINES = 300  # characters a line and more, in a text that lost its breaks
_SHORTEST = 400  # characters; shorter texts are often one paragraph
_AGAIN = 3  # different opening words met inside words

_OPENERS = frozenset(
    "Ability Able About Act Active Actively Adapt Additional Additionally Advanced All An"
    " Analytical Analyze Analyzes Analyzing Any Applicants Apply Are As Assist Assists At"
    " Attention Bachelor Bachelor's Bachelors Background Basic Be Benefits Bonus Build Building"
    " Builds By Candidate Candidates Collaborate Collaborates Collaborating Collaborative Collect"
    " Comfortable Commitment Communicate Communication Company Compensation Competitive Complete"
    " Comprehensive Conduct Conducts Continuously Contribute Contributes Coordinate Coordinates"
    " Create Creates Creating Creative Current Currently Deep Define Degree Deliver Demonstrable"
    " Demonstrate Demonstrated Demonstrates Deploy Design Designing Designs Desire Desired Develop"
    " Developing Develops Diversity Document Drive Duties Education Effective Effectively Employee"
    " Employment Engage Enjoy Ensure Ensures Equal Essential Establish Evaluate Evaluates"
    " Excellent Exceptional Execute Experience Experienced Expert Expertise Explore Exposure"
    " Extensive Facilitate Familiar Familiarity Flexible Fluency Fluent Follow For Founded From"
    " Full Gather Generate Generous Good Great Hands Hands-on Has Have Help High Highly How"
    " Ideally Identifies Identify If Implement Implementing Improve In Individual Innovative"
    " Integrate Intermediate Interpret Investigate It Job Join Keep Key Knowledge Knowledgeable"
    " Languages Lead Leading Leads Leverage Location Looking Maintain Maintains Make Manage"
    " Manages Master Master's Masters May Mentor Minimum Monitor More Must Nice No Note On"
    " Opportunities Opportunity Optimize Optional Other Our Outstanding Oversee Own Paid"
    " Participate Participates Partner Passion Passionate Perform Performs Perks Ph.D Physical"
    " Please Position Possess Practical Preferred Prepare Prepares Present Previous Primary Prior"
    " Proactive Proactively Produce Professional Proficiency Proficient Proven Provide Provides"
    " Providing Pursuant Pursuing Qualifications Qualified Reasonable Relevant Report Reporting"
    " Reports Required Requirements Requires Responsibilities Responsible Review Role Run Salary"
    " Schedule See Self Senior Significant Skilled Skills Solid Solve Some Specific Stay Strong"
    " Success Successful Support Supports Take Technical The This Thorough To Together Track Train"
    " Translate Travel Troubleshoot Understand Understanding Understands United Unlimited Up Use"
    " Uses Using Utilize We We'll We're We've What What's When While Who Why Willing Willingness"
    " With Work Working Works Write Writing You You'll You're You've Your".split()
)
_JUNCTION = re.compile(r"(?<=[A-Za-z0-9)\].!?:;%+])(?=([A-Z][a-z'-]+)(?:[ :,;.!?]|[A-Z]))")


def unglued(text: str) -> str:
    """Return the text with the line breaks it lost; other texts as they are."""
    if len(text) < _SHORTEST or text.count("\n") * _FEW_LINES > len(text):
        return text
    found = [
        (junction.start(), junction[1])
        for junction in _JUNCTION.finditer(text)
        if junction[1] in _OPENERS
    ]
    if len({word for _, word in found}) < _AGAIN:
        return text
    starts = [0, *(at for at, _ in found)]
    ends = [*(at for at, _ in found), len(text)]
    return "\n".join(text[start:end] for start, end in zip(starts, ends, strict=True))
