#include "service/vat_checks.h"

#include "logging/log.h"
#include "service/tax_change.h"

namespace service {
namespace {

constexpr int at_a_time = 50;
constexpr std::chrono::minutes lease{5}; // longer than VIES may take; whoever is cut off is followed by another

} // namespace

void VatChecks::work(const std::atomic<bool>& stopping)
{
    const auto next = [&] {
        return database_.read([&](store::Session& session) { return store::VatStore{session}.due(clock_.now(), at_a_time); });
    };
    for (auto due = next(); !due.empty() && !stopping; due = next()) // none that was asked for is due again
        for (const auto& id : due)
            if (!stopping) ask(id);
}

void VatChecks::ask(store::VatIdToCheck id)
{
    const auto asked_at = clock_.now();
    const auto check = database_.transact([&, turn = id.turn](store::Session& session) {
        id.turn = turn; // the transaction may be repeated
        return store::VatStore{session}.take(id, register_.requester(), name_, asked_at, asked_at + lease);
    });
    if (!check) return; // somebody else asks, or the member changed it
    const auto reply = register_.check(id.vat_id);
    const auto now = clock_.now();
    const auto after = domain::after_answer(id.standing, reply.answer, now, rules_);
    database_.transact([&](store::Session& session) {
        store::VatStore ids{session};
        ids.note(*check, reply, now);
        if (!ids.conclude(id, after, reply)) return; // changed meanwhile: the new one is asked for by itself
        const bool still_waits = domain::holds_invoices(id.standing.state) && domain::holds_invoices(after.state);
        if (after.state != id.standing.state && !still_waits) tax_changed(session, id.member, "vat:" + std::to_string(*check));
    });
    logging::event("info", "vat_id_checked",
        {{"check", std::to_string(*check)}, {"answer", to_text(reply.answer)}, {"code", reply.code}, {"state", to_text(after.state)}});
}

} // namespace service
