"""What belongs to a card, an account or a pass stays in its merchant."""

from django.db import migrations

from portal.kernel.migrating import walls


class Migration(migrations.Migration):
    replaces = [("loyalty", "0005_ledger_of_many_kinds")]
    dependencies = [("loyalty", "0004_pins_and_lists")]
    operations = [
        walls(
            ("loyalty_retiredcode", "retired_code_stays_with_its_card", "card_id", "loyalty_card"),
            (
                "loyalty_designversion",
                "design_version_stays_with_its_design",
                "design_id",
                "loyalty_carddesign",
            ),
            (
                "loyalty_designversion",
                "design_version_shows_a_picture_of_its_merchant",
                "picture_id",
                "loyalty_cardpicture",
            ),
            (
                "loyalty_carddesign",
                "card_design_stands_on_its_own_version",
                "head_id",
                "loyalty_designversion",
            ),
            ("loyalty_cardmedium", "medium_stays_with_its_batch", "batch_id", "loyalty_printbatch"),
            ("loyalty_cardmedium", "medium_stands_for_a_card_of_its_merchant", "card_id", "loyalty_card"),
            ("loyalty_printorder", "print_order_stays_with_its_batch", "batch_id", "loyalty_printbatch"),
            ("loyalty_walletpass", "wallet_pass_stays_with_its_medium", "medium_id", "loyalty_cardmedium"),
            (
                "loyalty_passdevice",
                "device_stays_with_its_pass",
                "wallet_pass_id",
                "loyalty_walletpass",
                "medium_id",
            ),
            ("loyalty_account", "account_stays_with_its_card", "card_id", "loyalty_card"),
            ("loyalty_entry", "entry_stays_with_its_account", "account_id", "loyalty_account"),
            ("loyalty_lot", "lot_stays_with_its_account", "account_id", "loyalty_account"),
            ("loyalty_hold", "hold_stays_with_its_account", "account_id", "loyalty_account"),
            ("loyalty_topup", "top_up_stays_with_its_card", "card_id", "loyalty_card"),
            ("loyalty_refund", "refund_stays_with_its_card", "card_id", "loyalty_card"),
            ("loyalty_refund", "refund_stays_with_its_pass", "visit_pass_id", "loyalty_visitpass"),
            ("loyalty_visitpass", "pass_stays_with_its_card", "card_id", "loyalty_card"),
            ("loyalty_visitpass", "pass_stays_with_its_offer", "offer_id", "loyalty_passoffer"),
            ("loyalty_passvisit", "visit_stays_with_its_pass", "visit_pass_id", "loyalty_visitpass"),
            ("loyalty_consumption", "consumption_stays_with_its_card", "card_id", "loyalty_card"),
            ("loyalty_standing", "standing_stays_with_its_card", "card_id", "loyalty_card"),
            ("loyalty_standing", "standing_stays_with_its_merchants_levels", "level_id", "loyalty_level"),
            ("loyalty_levelmove", "level_move_stays_with_its_card", "card_id", "loyalty_card"),
            ("loyalty_rewardvoucher", "voucher_stays_with_its_card", "card_id", "loyalty_card"),
            ("loyalty_stampcard", "stamps_stay_with_their_card", "card_id", "loyalty_card"),
            ("loyalty_pin", "pin_stays_with_its_card", "card_id", "loyalty_card"),
            ("loyalty_pincode", "pin_code_stays_with_its_card", "card_id", "loyalty_card"),
            ("loyalty_pinchange", "pin_change_stays_with_its_card", "card_id", "loyalty_card"),
            ("loyalty_pintry", "pin_try_stays_with_its_pin", "pin_id", "loyalty_pin"),
            ("loyalty_approval", "approval_stays_with_its_card", "card_id", "loyalty_card"),
            ("loyalty_cardkey", "card_key_stays_with_its_card", "card_id", "loyalty_card"),
            ("loyalty_usedcode", "used_code_stays_with_its_key", "card_key_id", "loyalty_cardkey"),
            ("loyalty_importrow", "import_row_stays_with_its_import", "batch_id", "loyalty_memberimport"),
            ("loyalty_importrow", "import_row_stays_with_its_card", "card_id", "loyalty_card"),
            ("loyalty_brought", "brought_facts_stay_with_their_card", "card_id", "loyalty_card"),
            ("loyalty_cardmerge", "merge_keeps_a_card_of_its_merchant", "kept_id", "loyalty_card"),
            ("loyalty_cardmerge", "merge_closes_a_card_of_its_merchant", "gone_id", "loyalty_card"),
        ),
    ]
