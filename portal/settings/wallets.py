"""Passes for the wallets of phones: off until their issuers' certificates are here."""

from portal.settings.place import env

# Apple: identifier and team as registered, files in PEM (certificate, its key without password, Apple's own)
APPLE_PASS_TYPE = env.str("APPLE_PASS_TYPE", "")
APPLE_PASS_TEAM = env.str("APPLE_PASS_TEAM", "")
APPLE_PASS_CERTIFICATE = env.str("APPLE_PASS_CERTIFICATE", "")
APPLE_PASS_KEY = env.str("APPLE_PASS_KEY", "")
APPLE_PASS_AUTHORITY = env.str("APPLE_PASS_AUTHORITY", "")  # the WWDR intermediate certificate

# Google: the issuer's number, the service account's address and its private key in PEM
GOOGLE_WALLET_ISSUER = env.str("GOOGLE_WALLET_ISSUER", "")
GOOGLE_WALLET_ACCOUNT = env.str("GOOGLE_WALLET_ACCOUNT", "")
GOOGLE_WALLET_KEY = env.str("GOOGLE_WALLET_KEY", "")
