#pragma once
#include "domain/invoice.h"
#include "domain/money.h"
#include "domain/vat.h"

#include <map>
#include <span>
#include <string>
#include <vector>

namespace domain {

/// Names in the chart of accounts. Receivables and credit are kept per member by the transaction's member; revenue per
/// product and tax per rate by a suffix: "deferred_revenue:ipv6-only-vm", "vat_payable:8.1"; another state's tax names the state:
/// "vat_payable:DE:19".
namespace account {
std::string receivable();                                                 ///< asset: what members owe
std::string member_credit();                                              ///< liability: what members have in credit
std::string goodwill();                                                   ///< expense: credit given for nothing
std::string deferred_revenue(const std::string& sku);                     ///< liability: billed, not yet supplied
std::string revenue(const std::string& sku);                              ///< income: supplied
std::string vat_payable(VatRate rate, const std::string& country = "CH"); ///< liability
std::string bank(const std::string& iban);                                ///< asset: an account of ours
std::string card_clearing();                                              ///< asset: at the card gateway, not paid out yet
std::string card_fees();                                                  ///< expense
std::string suspense();          ///< liability: came in, and nobody knows yet from whom or what for
std::string refunds_payable();   ///< liability: credit on its way back to members
std::string disputed_payments(); ///< asset: taken back by card issuers until it is settled
std::string write_off();         ///< expense: what will not come in any more
std::string server_costs();      ///< expense: what suppliers of servers bill, without tax
std::string input_tax();         ///< asset: tax on what suppliers bill, to be got back
std::string supplier_payable();  ///< liability: what suppliers have billed
} // namespace account

/// One movement: `amount` > 0 is debited to one account and credited to another. A transaction made of entries balances
/// by construction: there is no way to write down one that does not.
struct Entry {
    std::string debit{};
    std::string credit{};
    Money amount{};
    friend bool operator==(const Entry&, const Entry&) = default;
};

/// Why a transaction cannot be booked: one value per cause, in the order they are checked.
enum class TransactionFault { none, no_entries, not_positive, same_account, mixed_currencies };

TransactionFault check_transaction(std::span<const Entry> entries);

/// A document is booked: the member owes the gross sum, the net is deferred per product until it is supplied, the tax is
/// owed per rate; of a credit note the other way round. `credit_used` of an invoice comes from the member's credit,
/// `credit_gained` of a credit note goes there. One entry per account for what is charged and one for what is credited, none
/// for amounts of 0. `vat_country`: whose tax it is.
std::vector<Entry> document_entries(
    const std::vector<InvoiceLine>& lines, Money credit_used, Money credit_gained, const std::string& vat_country = "CH");

/// Credit given by an operator: `settled` pays open documents, `kept` goes to the member's credit.
std::vector<Entry> goodwill_entries(Money settled, Money kept);

/// A payment arrives on `account`: `settled` pays documents, `kept` goes to the member's credit.
std::vector<Entry> payment_entries(const std::string& account, Money settled, Money kept);

/// A payment is taken back: its documents are `opened` again, its credit is `taken` back; what of that was paid out is `lost`.
std::vector<Entry> reversal_entries(const std::string& account, Money opened, Money taken, Money lost);

/// Money on `account` goes into suspense; a negative amount comes out of it.
std::vector<Entry> suspense_entries(const std::string& account, Money amount);

/// An amount goes from one account to another.
std::vector<Entry> transfer_entries(const std::string& debit, const std::string& credit, Money amount);

/// A supplier's document: net to costs, tax to what is got back, both owed; negative amounts are given back.
std::vector<Entry> supplier_bill_entries(Money net, Money tax);

/// What became earned, per product; negative where credits outweigh.
std::vector<Entry> recognition_entries(const std::map<std::string, std::int64_t>& earned, Currency currency);

} // namespace domain
