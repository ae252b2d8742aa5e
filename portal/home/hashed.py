"""Static files of production: every name carries its content's hash, so that browsers keep them for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):
    """Our ES modules too: what they import from each other is named by its hash, as in style sheets."""

    support_js_module_import_aggregation = True
    # Other people's scripts stay as they are: what looks like an import in them may name what isn't shipped.
    _js_module_import_aggregation_patterns = (
        "js/*.js",
        CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1],
    )
