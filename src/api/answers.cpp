#include "api/answers.h"

namespace api {

using http::JsonText;

JsonText json_of(domain::Money amount)
{
    return JsonText::object().set("amount", amount.minor).set("currency", domain::to_text(amount.currency));
}

JsonText json_of(const std::optional<domain::Instant>& instant) { return instant ? JsonText{domain::to_text(*instant)} : JsonText::null(); }

JsonText json_of(const std::optional<domain::Date>& date) { return date ? JsonText{domain::to_text(*date)} : JsonText::null(); }

JsonText json_of(const domain::Parameters& parameters)
{
    auto json = JsonText::object();
    if (parameters.vm) { // the size of its image is not the member's choice
        json.set("vm", parameters.vm->text());
        if (parameters.require_fs) json.set("require", "fs");
        return json;
    }
    if (parameters.cores) json.set("cores", *parameters.cores);
    if (parameters.ram_mb) json.set("ram", JsonText::thousandths(std::int64_t{*parameters.ram_mb} * 1000 / 1024));
    if (parameters.os_disk_gb) json.set("os_disk_size", *parameters.os_disk_gb);
    if (parameters.os) json.set("os", *parameters.os);
    if (parameters.plan) json.set("plan", *parameters.plan);
    return json;
}

JsonText json_of(const domain::Order& order)
{
    auto price = JsonText::object();
    price.set("setup", json_of(order.charge.setup)).set("recurring", json_of(order.charge.recurring));
    price.set("interval", order.interval ? JsonText{domain::to_text(*order.interval)} : JsonText::null());
    price.set("includes_vat", order.price_includes_vat);

    auto json = JsonText::object();
    json.set("uuid", order.uuid.text()).set("product", order.sku).set("status", domain::to_text(order.status));
    json.set("parameters", json_of(order.parameters)).set("price", price);
    json.set("placed_at", domain::to_text(order.placed_at)).set("started_on", domain::to_text(order.started_on));
    json.set("ends_on", json_of(order.ends_on));
    return json;
}

JsonText json_of(const domain::Machine& machine)
{
    auto json = JsonText::object();
    json.set("uuid", machine.uuid.text()).set("status", domain::to_text(machine.state)).set("product", machine.sku);
    json.set("parameters", json_of(machine.parameters)).set("order", machine.order_uuid.text());
    json.set("wanted", domain::to_text(machine.wanted)).set("created_at", domain::to_text(machine.created_at));
    for (const auto& [name, text] : {std::pair{"address", machine.address}, {"name", machine.name}, {"message", machine.message}})
        json.set(name, text.empty() ? JsonText::null() : JsonText{text});
    if (!machine.error.empty()) json.set("error", machine.error);
    return json;
}

JsonText json_of(const std::vector<domain::StepRecord>& steps)
{
    auto all = JsonText::array();
    for (const auto& step : steps) {
        auto json = JsonText::object();
        json.set("step", domain::to_text(step.step)).set("state", domain::to_text(step.state)).set("attempts", step.attempts);
        json.set("begun_at", domain::to_text(step.begun_at)).set("ended_at", json_of(step.ended_at));
        json.set("error", step.error.empty() ? JsonText::null() : JsonText{step.error});
        all.push(json.set("message", step.message.empty() ? JsonText::null() : JsonText{step.message}));
    }
    return all;
}

JsonText json_of(const domain::Snapshot& snapshot)
{
    auto json = JsonText::object();
    json.set("uuid", snapshot.uuid.text()).set("vm", snapshot.vm.text()).set("status", domain::to_text(snapshot.state));
    json.set("order", snapshot.order_uuid.text()).set("size_gib", snapshot.size_gib);
    json.set("consistency", snapshot.consistency.empty() ? JsonText::null() : JsonText{snapshot.consistency});
    json.set("require", snapshot.require_fs ? JsonText{"fs"} : JsonText::null());
    json.set("requested_at", domain::to_text(snapshot.requested_at)).set("ready_at", json_of(snapshot.ready_at));
    json.set("delete_requested_at", json_of(snapshot.delete_requested_at));
    return json.set("error", snapshot.error.empty() ? JsonText::null() : JsonText{snapshot.error});
}

JsonText json_of(const store::JobRecord& job)
{
    auto json = JsonText::object();
    json.set("id", job.id).set("kind", job.kind).set("target", job.target).set("state", job.state).set("attempts", job.attempts);
    json.set("not_before", domain::to_text(job.not_before)).set("last_error", job.last_error);
    return json;
}

JsonText json_of(const domain::PaymentMethod& method)
{
    auto json = JsonText::object();
    json.set("id", method.uuid.text()).set("type", domain::to_text(method.type)).set("status", domain::to_text(method.status));
    json.set("default", method.is_default);
    if (method.card) {
        json.set("brand", method.card->brand).set("last4", method.card->last4);
        json.set("exp_month", method.card->exp_month).set("exp_year", method.card->exp_year);
        json.set("country", method.card->country).set("funding", method.card->funding);
    }
    json.set("created_at", domain::to_text(method.created_at));
    return json;
}

JsonText json_of(const domain::Member& member)
{
    const auto& address = member.address;
    auto billing = JsonText::object();
    billing.set("company", address.company).set("name", address.name).set("street", address.street);
    billing.set("house_number", address.house_number).set("postal_code", address.postal_code).set("city", address.city);
    billing.set("country", address.country);

    auto json = JsonText::object();
    json.set("uuid", member.uuid.text()).set("username", member.uid).set("name", member.name).set("email", member.email);
    json.set("billing_address", billing).set("language", member.language).set("currency", domain::to_text(member.currency));
    json.set("customer_kind", domain::to_text(member.kind));
    json.set("vat_id", member.vat_id.empty() ? JsonText::null() : JsonText{member.vat_id});
    json.set("vat_id_state", domain::to_text(member.vat_id_state)).set("joined_at", domain::to_text(member.joined_at));
    return json;
}

JsonText json_of(const domain::Totals& totals)
{
    return JsonText::object().set("net", json_of(totals.net)).set("vat", json_of(totals.vat)).set("total", json_of(totals.gross));
}

JsonText tax_json(const domain::InvoiceTax& tax)
{
    const auto text_or_null = [](std::string_view text) { return text.empty() ? JsonText::null() : JsonText{text}; };
    const auto& decision = tax.decision;
    auto json = JsonText::object();
    json.set("treatment", domain::to_text(decision.treatment)).set("country", decision.country);
    json.set("note", text_or_null(domain::to_text(decision.note))).set("flag", text_or_null(domain::to_text(decision.flag)));
    json.set("reason", text_or_null(decision.reason)).set("vat_id", text_or_null(tax.vat_id));
    json.set("consultation", text_or_null(tax.consultation)).set("oss_id", text_or_null(tax.oss_id));
    return json;
}

JsonText json_of(const domain::InvoiceLine& line)
{
    auto json = JsonText::object();
    json.set("kind", domain::to_text(line.kind)).set("product", line.sku).set("text", line.text);
    json.set("period_start", domain::to_text(line.period_start)).set("period_end", json_of(line.period_end));
    json.set("net", json_of(line.net)).set("vat_rate", domain::percent_text(line.rate)).set("vat", json_of(line.vat));
    json.set("gross", json_of(line.gross));
    return json;
}

} // namespace api
