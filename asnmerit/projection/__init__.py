"""Years ahead: people age, serve, are appraised, promoted as the law decides, retire, and are followed by others.

Promotion and pay are answers of `decide_frame`. What no law says (appraisals, newcomers) is an assumption, stated and
replaceable.
"""
