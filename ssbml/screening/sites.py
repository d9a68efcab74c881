"""The ``sites`` and ``charge_balance`` of a search space, read for its hosts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ssbml.chemistry.parents import Parent, ParentSite
from ssbml.chemistry.site_fit import Proposal, ion_name, misfit, propose
from ssbml.errors import SpaceError
from ssbml.screening.ions import parse_ion
from ssbml.screening.scalars import KeyPath, finite
from ssbml.screening.substitutions import SpeciesTable, Substitutions
from ssbml.screening.values import spread
from ssbml.vocabulary import closest

AUTO = "auto"
_AUTO_SHARES = (0.0, 0.025, 0.05, 0.1, 0.2)
_AUTO_LITHIUM_SHARES = (0.0, 0.0125, 0.025, 0.05)
_MAX_SPECIES = 200


@dataclass(slots=True)
class SiteReader:
    """Reads the ``sites`` and ``charge_balance`` of a search space for its hosts.

    Attributes
    ----------
    parents : tuple of Parent
        The hosts.
    force : bool
        Whether ions that do not fit are taken all the same.
    warnings : list of str
        What was taken although it does not fit, or is new to a site.
    proposals : list of Proposal
        What ``auto`` proposed.
    """

    parents: tuple[Parent, ...]
    force: bool
    warnings: list[str]
    proposals: list[Proposal]

    def read(self, sites: Any, balance: Any) -> tuple[Substitutions, ...]:
        """Return what may sit on the sites of each host.

        Raises
        ------
        SpaceError
            An unknown site or ion, an ion that does not fit, an amount that cannot be, or nothing
            to balance with.
        """
        if sites is not None and sites != AUTO and not isinstance(sites, Mapping):
            raise SpaceError(
                ("sites",), sites, "a mapping of host ions to dopants is expected, or auto",
                "write for example {Zr: {Ta: [0, 0.2, 0.4]}}",
            )  # fmt: skip
        if isinstance(sites, Mapping):
            self._check_keys(sites)
        return tuple(self._of_host(parent, sites or {}, balance) for parent in self.parents)

    def _check_keys(self, sites: Mapping[str, Any]) -> None:
        known = [k for p in self.parents for s in p.sites for k in (*s.amounts, s.name)]
        known = list(dict.fromkeys(known))
        for key, value in sites.items():
            if key not in known:
                like = closest(str(key), known)
                hosts = " or ".join(p.formula for p in self.parents)
                raise SpaceError(
                    ("sites", str(key)),
                    None,
                    f"{hosts} has no site '{key}'; known are {', '.join(known)}",
                    f"did you mean {like}?" if like else "",
                )
            if value != AUTO and not isinstance(value, Mapping):
                raise SpaceError(
                    ("sites", str(key)), value, "a mapping of ions to amounts is expected, or auto",
                    "write for example {Ta: [0, 0.2, 0.4]}",
                )  # fmt: skip

    def _of_host(self, parent: Parent, sites: Any, balance: Any) -> Substitutions:
        table = SpeciesTable(parent)
        wanted = sites if isinstance(sites, Mapping) else {}
        auto = {key for key, value in wanted.items() if value == AUTO}
        if sites == AUTO or auto:
            self._propose(parent, table, auto)
        for key, ions in wanted.items():
            site = parent.site(str(key))
            if site is None or ions == AUTO:
                continue
            host = str(key) if key in site.amounts else site.main
            for text, amounts in ions.items():
                self._add(table, site, host, text, amounts, ("sites", str(key), str(text)))
        solved = _balance(table, balance, self.force)
        if any(v.species == solved for v in table.variables):
            name = table.species[solved].element
            raise SpaceError(
                ("charge_balance",),
                balance,
                f"{name} is solved for, so its amounts cannot be stated as well",
            )
        return table.ordered(solved)

    def _propose(self, parent: Parent, table: SpeciesTable, only: set[str]) -> None:
        for proposal in propose(parent):
            site = parent.site(proposal.site)
            if site is None or (only and not only & {proposal.site, site.name}):
                continue
            self.proposals.append(proposal)
            shares = _AUTO_LITHIUM_SHARES if proposal.site == "Li" else _AUTO_SHARES
            amounts = tuple(round(s * site.amounts[proposal.site], 4) for s in shares)
            table.add(site, proposal.site, proposal.ion, proposal.charge, amounts)

    def _add(
        self,
        table: SpeciesTable,
        site: ParentSite,
        host: str,
        text: Any,
        amounts: Any,
        path: KeyPath,
    ) -> None:
        ion, charge = parse_ion(text, site, path, force=self.force)
        values = _amounts(amounts, path)
        if ion == host and charge == site.charge(host):
            table.set(site, host, values)
            return
        reason = misfit(table.parent, site, host, ion, charge)
        if reason and not self.force:
            raise SpaceError(path, None, reason, "write force: true to put it there all the same")
        if reason:
            self.warnings.append(f"{ion} on the {host} site as forced: {reason}")
        elif ion not in site.known:
            self.warnings.append(
                f"{ion_name(ion, charge)} is not known on the {host} site of "
                f"{table.parent.formula}; only its size and charge fit"
            )
        if max(values) > table.capacity(site, host) + 1e-9:
            raise SpaceError(
                path,
                max(values),
                f"{table.parent.formula} has only {table.capacity(site, host):g} {host} to replace",
            )
        table.add(site, host, ion, charge, values)
        if len(table.species) > _MAX_SPECIES:
            raise SpaceError(("sites",), None, f"at most {_MAX_SPECIES} ions can be handled")


def _amounts(given: Any, path: KeyPath) -> tuple[float, ...]:
    values = []
    for i, value in enumerate(spread(given, path)):
        where = (*path, i) if isinstance(given, (list, tuple)) else path
        amount = finite(value, where)
        if amount < 0:
            raise SpaceError(where, value, "an amount per formula unit is not negative")
        values.append(amount)
    return tuple(dict.fromkeys(values))


def _balance(table: SpeciesTable, given: Any, force: bool) -> int:
    """Return the number of the species that is solved for."""
    path: KeyPath = ("charge_balance",)
    parent = table.parent
    hosts = [s.element for s in table.species if s.amount > 0]
    hint = "write Li, {vacancy: La} or {site: La, ion: Sr}"
    if isinstance(given, Mapping) and set(given) == {"site", "ion"}:
        site = _site_of(parent, given["site"], (*path, "site"))
        ion, charge = parse_ion(given["ion"], site, (*path, "ion"), force=force)
        host = str(given["site"]) if given["site"] in site.amounts else site.main
        if ion == host:
            return table.host(site, host)
        reason = misfit(parent, site, host, ion, charge)
        if reason and not force:
            raise SpaceError(
                (*path, "ion"), None, reason, "write force: true to put it there all the same"
            )
        if charge == site.charge(host):
            raise SpaceError(path, dict(given), f"{ion} and {host} have the same charge", hint)
        return table.add(site, host, ion, charge, None)
    if isinstance(given, Mapping) and set(given) == {"vacancy"}:
        site = _site_of(parent, given["vacancy"], (*path, "vacancy"))
        host = str(given["vacancy"]) if given["vacancy"] in site.amounts else site.main
        return table.host(site, host)
    if isinstance(given, str) and given in hosts:
        return next(i for i, s in enumerate(table.species) if s.element == given and s.amount > 0)
    like = closest(str(given), hosts)
    raise SpaceError(
        path,
        given,
        f"neutrality is solved through an ion of the host ({', '.join(dict.fromkeys(hosts))}), a "
        "vacancy or an ion on a site",
        f"did you mean {like}?" if like else hint,
    )


def _site_of(parent: Parent, key: Any, path: KeyPath) -> ParentSite:
    site = parent.site(str(key))
    if site is None:
        known = list(dict.fromkeys(k for s in parent.sites for k in (*s.amounts, s.name)))
        raise SpaceError(
            path, key, f"{parent.formula} has no such site; known are {', '.join(known)}"
        )
    return site
