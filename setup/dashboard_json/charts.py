"""The charts: those of Odoo, which ask for their numbers, and those of a sample, which show cells."""

BACKGROUND = "#FFFFFF"


def _common(figure, form):
    kind = form["type"]
    result = {"title": {"text": ""}, "background": BACKGROUND, "legendPosition": _legend(figure, kind)}
    if kind in ("bar", "line"):
        result |= {"stacked": figure.get("stacked", False)}
    if kind == "bar" and figure.get("horizontal"):
        result["horizontal"] = True
    if kind == "line":
        result["fillArea"] = len(figure["by"]) == 1
    return result


def _legend(figure, kind):
    if kind == "pie":
        return "right"
    return "top" if len(figure["by"]) > 1 else "none"


def live_chart(figure, form, source, domain):
    """A chart of a model's groups; a click on one opens its records."""
    kind = form["type"]
    by = figure["by"][:1] if kind in ("pie", "funnel") else figure["by"]
    context = source.get("context", {})
    result = _common(figure, form) | {
        "type": f"odoo_{kind}",
        "metaData": {
            "groupBy": by,
            # a chart takes the field's own way of adding up, which has no place here
            "measure": form.get("measure", figure["measure"]).partition(":")[0],
            "order": "DESC" if figure.get("sort") else None,
            "resModel": source["model"],
            "mode": kind if kind in ("bar", "line", "pie") else "bar",
        },
        "searchParams": {"context": context, "domain": domain, "groupBy": by, "orderBy": []},
        "dataSets": [],
        "showValues": kind == "funnel",
    }
    if kind == "funnel":
        result["cumulative"] = True
    if "action" in source:
        result["actionXmlId"] = source["action"]
    return result


def sample_chart(figure, form, labels, values, has_names):
    """A chart of cells.

    :param str labels: the range of the labels
    :param list values: the range of each series
    :param bool has_names: whether these begin with the name of the series
    """
    kind = form["type"]
    if has_names:
        # the labels have a head as well then, an empty one
        labels = labels.replace("2:", "1:", 1)
    result = _common(figure, form) | {
        "type": kind,
        "dataSetsHaveTitle": has_names,
        "dataSets": [{"dataRange": cells} for cells in values[: 1 if kind in ("pie", "funnel") else None]],
        "labelRange": labels,
        "humanize": True,
    }
    if kind in ("bar", "line"):
        result["aggregated"] = False
    if kind == "line":
        result |= {"labelsAsText": True, "cumulative": False}
    if kind == "funnel":
        result["showValues"] = True
    return result
