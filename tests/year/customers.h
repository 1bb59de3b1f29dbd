#pragma once
#include "bank.h"
#include "stack.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace year {

/// A document as the API shows it.
struct Bill {
    std::string number{}, kind{}, issued_on{};
    std::int64_t total{0}, open{0};
};

/// Somebody who has joined and ordered a VM.
struct Customer {
    explicit Customer(const std::string& account = "{}");

    std::vector<Bill> bills() const;
    std::int64_t open() const;

    /// A card becomes the default one.
    void use_card(const std::string& token) const;
    void join() const;
    std::string order_vm() const;
    std::string status_of(const std::string& order) const;

    /// The reference in the payment part of the bill.
    std::string reference_of(const Bill& bill) const;

    site::Member member;
};

/// Pays by card, and confirms where the bank asks for it.
struct CardPayer : Customer {
    CardPayer(const std::string& token, const std::string& account = "{}");
    void confirm_what_waits() const;
};

/// Pays on bill, in a way of its own.
class BillPayer : public Customer {
public:
    enum class Way {
        exactly,
        in_halves,
        too_much, ///< ten francs more, at first
        twice,    ///< the first bill
        without_reference,
        when_suspended, ///< not before its orders are suspended, and then all at once
    };
    BillPayer(Way way, const std::string& account = "{}");

    /// Looks through its mail on the day and pays.
    void pay(Bank& bank);

    Way way;

private:
    bool must_pay(const Bill& bill) const;

    std::map<std::string, int> paid_{}; ///< how often, by number
};

} // namespace year
