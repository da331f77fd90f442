"""The only writers of appraisal: policy, claim, rules, write, event, journal."""
