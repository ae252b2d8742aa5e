"""Passes for the wallets of phones: off until their issuers' certificates are here."""

from portal.settings.place import env

# Apple: identifier and team as registered, files in PEM (certificate, its key without password, Apple's own)
APPLE_PASS_TYPE = env.str("APPLE_PASS_TYPE", "")
APPLE_PASS_TEAM = env.str("APPLE_PASS_TEAM", "")
APPLE_PASS_CERTIFICATE = env.str("APPLE_PASS_CERTIFICATE", "")
APPLE_PASS_KEY = env.str("APPLE_PASS_KEY", "")
APPLE_PASS_AUTHORITY = env.str("APPLE_PASS_AUTHORITY", "")  # the WWDR intermediate certificate
APPLE_PUSH_URL = env.str("APPLE_PUSH_URL", "https://api.push.apple.com")
APPLE_PUSH_AUTHORITY = env.str("APPLE_PUSH_AUTHORITY", "")  # who vouches for it; the system's list when empty

# Google: the issuer's number, the service account's address and its private key in PEM
GOOGLE_WALLET_ISSUER = env.str("GOOGLE_WALLET_ISSUER", "")
GOOGLE_WALLET_ACCOUNT = env.str("GOOGLE_WALLET_ACCOUNT", "")
GOOGLE_WALLET_KEY = env.str("GOOGLE_WALLET_KEY", "")
GOOGLE_WALLET_API = env.str("GOOGLE_WALLET_API", "https://walletobjects.googleapis.com")
GOOGLE_TOKEN_URL = env.str("GOOGLE_TOKEN_URL", "https://oauth2.googleapis.com/token")
