#include "customers.h"

#include "../api/stripe_gateway.h"

#include <regex>
#include <stdexcept>

namespace year {
namespace {

void expect(const site::Answer& answer, int status)
{
    if (answer.status != status) throw std::runtime_error{std::to_string(answer.status) + ": " + answer.body};
}

std::int64_t number_at(const site::Answer& answer, const std::string& path)
{
    const auto text = answer.at(path);
    return text.empty() ? 0 : std::stoll(text);
}

} // namespace

Customer::Customer(const std::string& account) : member{site::fresh_member()} { expect(member.send("PUT", "/account", account), 200); }

std::vector<Bill> Customer::bills() const
{
    std::vector<Bill> all;
    for (std::string path = "/invoices?limit=100"; !path.empty();) {
        const auto page = member.get(path);
        expect(page, 200);
        for (int i = 0; !page.at("items." + std::to_string(i) + ".number").empty(); ++i) {
            const auto item = "items." + std::to_string(i) + '.';
            all.push_back({page.at(item + "number"), page.at(item + "kind"), page.at(item + "issued_on"),
                number_at(page, item + "total.amount"), number_at(page, item + "open.amount")});
        }
        const auto next = page.at("next");
        path = next.empty() ? "" : "/invoices?limit=100&cursor=" + next;
    }
    return all;
}

std::int64_t Customer::open() const
{
    std::int64_t sum = 0;
    for (const auto& bill : bills()) sum += bill.open;
    return sum;
}

void Customer::use_card(const std::string& token) const
{
    const auto card = member.send("POST", "/payment-methods", R"({"type":"card","token":")" + token + "\"}");
    expect(card, 201);
    expect(member.send("PUT", "/payment-methods/" + card.at("id") + "/default"), 200);
}

void Customer::join() const { expect(member.send("POST", "/membership", "{}"), 201); }

std::string Customer::order_vm() const
{
    const auto uuid = site::fresh_uuid();
    expect(member.send("PUT", "/orders/" + uuid, site::small_vm), 201);
    return uuid;
}

std::string Customer::status_of(const std::string& order) const { return member.get("/orders/" + order).at("status"); }

std::string Customer::reference_of(const Bill& bill) const
{
    const auto file = member.get("/invoices/" + bill.number + ".pdf");
    expect(file, 200);
    const auto text = text_of_pdf(file.body);
    static const std::regex printed{R"((\d{2}( \d{5}){5}))"};
    std::smatch found;
    if (!std::regex_search(text, found, printed)) throw std::runtime_error{"no reference on " + bill.number + ":\n" + text};
    return without_blanks(found[1]);
}

CardPayer::CardPayer(const std::string& token, const std::string& account) : Customer{account}
{
    use_card(token);
    join();
}

void CardPayer::confirm_what_waits() const
{
    for (const auto& bill : bills()) {
        if (bill.open == 0 || bill.kind != "invoice") continue;
        const auto asked = member.send("POST", "/invoices/" + bill.number + "/pay", "{}");
        if (asked.at("status") == "requires_action") stripe_gateway::answer_challenge(asked.at("redirect_url"), "succeeded");
        if (member.get("/invoices/" + bill.number + "/payment").status != 200) throw std::runtime_error{"no standing"};
    }
}

BillPayer::BillPayer(Way its_way, const std::string& account) : Customer{account}, way{its_way}
{
    const auto applied = member.send("POST", "/payment-methods", R"({"type":"invoice"})");
    expect(site::the_operator.send("POST", "/admin/approvals/" + applied.at("id") + "/approve", R"({"payment_days":20})"), 200);
    join();
}

/// Bills lie about for some days first.
bool BillPayer::must_pay(const Bill& bill) const
{
    if (bill.open == 0) return false;
    if (way != Way::when_suspended) return true;
    return member.get("/orders?limit=100").body.find("\"suspended\"") != std::string::npos;
}

void BillPayer::pay(Bank& bank)
{
    for (const auto& bill : bills()) {
        if (!must_pay(bill)) continue;
        const bool is_first = paid_.empty();
        const auto times = paid_[bill.number]++;
        const auto reference = way == Way::without_reference ? "" : reference_of(bill);
        const auto text = way == Way::without_reference ? "Rechnung " + bill.number : "";
        const auto amount = way == Way::in_halves && times == 0 ? bill.open / 2
            : way == Way::too_much && is_first                  ? bill.open + 1000
                                                                : bill.open;
        bank.receive(amount, reference, "Payer " + member.name, text);
        if (way == Way::twice && is_first) bank.receive(amount, reference, "Payer " + member.name);
    }
}

} // namespace year
