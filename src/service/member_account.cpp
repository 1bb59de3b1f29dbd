#include "service/member_account.h"

#include "store/correction_store.h"
#include "store/payment_store.h"

namespace service {

MemberAccount::MemberAccount(store::Session& session, domain::MemberId member, domain::Currency currency)
    : session_{session}, member_{member}, currency_{currency}
{
    store::PaymentStore{session}.hold_billing({static_cast<std::int64_t>(member)});
    store::CorrectionStore corrections{session};
    known_ = rules.documents = corrections.lock_open(member, currency);
    credit_ = rules.credit = corrections.lock_credit(member, currency);
}

std::int64_t MemberAccount::applied() const
{
    std::int64_t sum = 0;
    for (const auto& [invoice, amount] : applications()) sum += amount;
    return sum;
}

void MemberAccount::save() const
{
    store::DocumentStore documents{session_};
    documents.apply(applications());
    if (rules.credit != credit_) documents.change_credit({{member_, currency_, credit_, rules.credit}});
}

std::vector<store::AppliedCredit> MemberAccount::applications() const
{
    std::vector<store::AppliedCredit> applied;
    for (const auto& before : known_)
        for (const auto& now : rules.documents)
            if (now.document == before.document && now.open != before.open) applied.push_back({before.document, before.open - now.open});
    return applied;
}

} // namespace service
