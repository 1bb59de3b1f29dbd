#include "service/collection.h"

#include "service/vpns.h"
#include "store/charge_store.h"
#include "store/collection_store.h"
#include "store/job_store.h"
#include "store/outbox_store.h"
#include "store/provisioning_store.h"

#include <set>

namespace service {
namespace {

constexpr int documents_at_a_time = 200;

/// The members' machines stop and start with their orders. A generation is a job's occasion, so that each wish has its own.
void follow_orders(store::Session& session, const std::vector<domain::MemberId>& members)
{
    std::vector<store::NewJob> jobs;
    for (const auto& [machine, wanted, generation] : store::ProvisioningStore{session}.follow_orders(members))
        jobs.push_back({domain::job_towards(wanted), machine, std::to_string(generation)});
    store::JobStore{session}.add(jobs);
}

} // namespace

std::size_t Collection::work(const std::atomic<bool>& stop)
{
    give_up_waiting();
    reinstate_settled();
    std::size_t all = 0;
    const domain::Day today = clock_.today();
    while (!stop) {
        const auto some = attend_some(today);
        all += some;
        if (some < static_cast<std::size_t>(documents_at_a_time)) break;
    }
    return all;
}

/// One transaction for a slice: if it is lost, nothing of it happened, and the documents are still due.
std::size_t Collection::attend_some(domain::Day today)
{
    return database_.transact([&](store::Session& session) {
        store::CollectionStore documents{session};
        auto due = documents.take_due(domain::Date{today}, documents_at_a_time);
        std::vector<std::pair<std::int64_t, std::optional<domain::Date>>> next;
        std::vector<store::Notice> notices;
        std::vector<std::int64_t> to_charge;
        std::set<domain::MemberId> to_suspend;
        for (auto& document : due) {
            if (document.state.last_state == domain::AttemptState::failed) {
                const auto judgement = domain::judge(document.last_decline, document.state.tries);
                const bool our_mistake = document.last_reaction == domain::to_text(domain::DeclineReaction::our_mistake);
                document.state.last_reaction = our_mistake ? domain::DeclineReaction::our_mistake : judgement.reaction;
                document.state.min_days = judgement.min_days;
            }
            const auto step = domain::next_step(document.state, rules_, today);
            next.emplace_back(document.invoice, step.next ? std::optional<domain::Date>{*step.next} : std::nullopt);
            if (step.what == domain::CollectionStep::What::charge) to_charge.push_back(document.invoice);
            if (step.what != domain::CollectionStep::What::remind) continue;
            const auto& stage = rules_.ladder[step.stage];
            notices.push_back({document.invoice, step.stage, stage.name, document.is_fee ? 0 : stage.fee});
            if (rules_.suspends(step.stage)) to_suspend.insert(document.member);
        }
        charging_.plan(session, to_charge);
        const std::vector<domain::MemberId> suspended{to_suspend.begin(), to_suspend.end()};
        documents.suspend(suspended, "not paid", clock_.now());
        follow_orders(session, suspended);
        settle_vpns(session, suspended);
        documents.add(notices, domain::Date{today}, clock_.now());
        documents.attend(next);
        fees_.issue(session, notices);
        return due.size();
    });
}

void Collection::give_up_waiting()
{
    database_.transact([&](store::Session& session) {
        for (const auto& attempt : store::ChargeStore{session}.waiting_past(clock_.now(), documents_at_a_time))
            store::JobStore{session}.add(domain::JobKind::charge_cancel, attempt);
    });
}

void Collection::reinstate_settled()
{
    if (rules_.suspending_stage.empty()) return;
    database_.transact([&](store::Session& session) {
        store::CollectionStore collection{session};
        const auto settled = collection.to_reinstate(rules_.suspending_stage, documents_at_a_time);
        collection.reinstate(settled, "paid", clock_.now());
        settle_vpns(session, settled);
        follow_orders(session, settled);
        const auto unpaid = collection.suspended_for(settled, rules_.suspending_stage);
        store::OutboxStore{session}.queue(unpaid, domain::MailKind::reinstated, clock_.now());
    });
}

} // namespace service
