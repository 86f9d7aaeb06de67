"""What may be shown: no group of a few people, and nothing from which one could be worked out.

Everybody's count is shown, so a single group left out would be the difference to the groups that are shown. Therefore
either no group of an attribute is left out, or at least two are, of at least ``least`` people together.
"""

from collections.abc import Mapping


def shown_groups(sizes: Mapping[str, int], least: int) -> set[str]:
    """The groups of one attribute that may be shown, of those with these sizes; the groups add up to everybody.

    The smallest groups are left out first. Where even that gives one away, none is shown.
    """
    by_size = sorted(sizes, key=lambda group: (sizes[group], group))
    hidden = [group for group in by_size if sizes[group] < least]
    for group in by_size[len(hidden) :]:
        if not hidden or (len(hidden) > 1 and sum(sizes[one] for one in hidden) >= least):
            break
        hidden.append(group)
    return set(sizes) - set(hidden)
