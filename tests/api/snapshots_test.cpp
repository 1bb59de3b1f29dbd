#include "site.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <fstream>

using namespace site;

// A member's snapshots on the demo's storage: qcow2 files that are really there.
namespace {

std::string image_of(const std::string& vm) { return environment("TEST_VAR") + "/images/" + vm + ".qcow2"; }

std::string sql(const std::string& statement)
{
    const auto text = shell("mariadb --socket=" + environment("TEST_VAR") + "/run/mariadb.sock uncloud -BN -e \"" + statement + '"');
    return text.substr(0, text.find_last_not_of('\n') + 1);
}

std::string uncloud(const std::string& arguments)
{
    return shell(environment("BUILD") + "/bin/uncloud " + arguments + " 2>&1; echo \"exit $?\"");
}

bool says(const std::string& output, const std::string& text) { return output.find(text) != std::string::npos; }

void write_byte(const std::string& vm, const std::string& byte)
{
    shell("qemu-io -f qcow2 -c 'write -P " + byte + " 0 64k' " + image_of(vm));
}
bool holds_byte(const std::string& vm, const std::string& byte)
{
    return !says(shell("qemu-io -r -f qcow2 -c 'read -P " + byte + " 0 64k' " + image_of(vm) + " 2>&1 || true"), "failed");
}
std::string snapshots_in_storage(const std::string& vm)
{
    return shell("qemu-img info --output=json " + image_of(vm) + " | jq -r '.snapshots[]?.name'");
}

const auto status_is = [](const char* wanted) { return [wanted](const Answer& answer) { return answer.at("status") == wanted; }; };
const auto is_gone = [](const Answer& answer) { return answer.status == 404; };

/// A member with an active VM.
struct Owner {
    const Member member = joined_member();
    const std::string vm = active_vm(member);

    Answer order(const std::string& more = "") const
    {
        return member.send("POST", "/vm/create_snapshot", R"({"uuid":")" + vm + '"' + more + '}');
    }
    Answer becomes(const std::string& uuid, const char* status) const
    {
        return eventually([&] { return member.get("/snapshots/" + uuid); }, status_is(status));
    }
    Answer vm_becomes(const char* status) const
    {
        return eventually([&] { return member.get("/vm/" + vm); }, status_is(status));
    }
    std::string ready() const
    {
        const auto uuid = order().at("uuid");
        BOOST_TEST(becomes(uuid, "ready").at("status") == "ready");
        return uuid;
    }
    Answer cancel(const std::string& body) const
    {
        return member.send("POST", "/orders/" + member.get("/vm/" + vm).at("order") + "/cancel", body);
    }
};

/// An answer of the executable as plain CGI, under a configuration in which a VM is snapshotted once a minute.
struct Strict {
    std::string config = environment("TEST_VAR") + "/etc/strict.toml";

    Strict()
    {
        shell("sed 's/^seconds_between = 0$/seconds_between = 60/' " + environment("UNCLOUD_CONFIG") + " > " + config);
        BOOST_TEST_REQUIRE(says(shell("cat " + config), "seconds_between = 60"));
    }
    std::string order(const Owner& owner) const
    {
        const auto body = R"({"uuid":")" + owner.vm + "\"}";
        return shell("printf '%s' '" + body + "' | UNCLOUD_CONFIG=" + config
            + " REQUEST_METHOD=POST PATH_INFO=/vm/create_snapshot CONTENT_TYPE=application/json CONTENT_LENGTH="
            + std::to_string(body.size()) + " REMOTE_USER=" + owner.member.name + ' ' + environment("BUILD") + "/cgi-bin/vm");
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(snapshots)

BOOST_AUTO_TEST_CASE(a_snapshot_tells_what_it_is_worth)
{
    const Owner owner;
    const auto asked = owner.order(R"(,"require":"fs")");
    BOOST_TEST(asked.status == 202);
    BOOST_TEST(asked.at("require") == "fs");
    for (const char* unknown : {R"("consistency":null)", R"("ready_at":null)", R"("error":null)"}) BOOST_TEST(says(asked.body, unknown));
    const auto ready = owner.becomes(asked.at("uuid"), "ready");
    BOOST_TEST(ready.at("consistency") == "offline"); // nobody runs the demo's machines: at rest as well
    BOOST_TEST(ready.at("size_gib") == "1");
    BOOST_TEST(!ready.at("ready_at").empty());
    BOOST_TEST(owner.member.get("/orders/" + asked.at("order")).at("parameters.require") == "fs");

    const auto plain = owner.order();
    BOOST_TEST(says(plain.body, R"("require":null)"));
    BOOST_TEST(owner.member.get("/orders/" + plain.at("order")).at("parameters.require") == "");
}

BOOST_AUTO_TEST_CASE(what_can_be_required_is_named_when_something_else_is)
{
    const Owner owner;
    for (const std::string value : {R"("crash")", R"("")", R"("FS")", "true", "[]"}) {
        const auto answer = owner.order(R"(,"require":)" + value);
        BOOST_TEST(answer.status == 422, value);
        BOOST_TEST(answer.at("errors.0.pointer") == "#/require", value);
    }
    BOOST_TEST(says(owner.order(R"(,"require":"crash")").at("errors.0.detail"), "must be one of: fs"));
    const auto order = [&](const std::string& uuid, const std::string& more) {
        return owner.member.send(
            "PUT", "/orders/" + uuid, R"({"product":"vm-snapshot","parameters":{"vm":")" + owner.vm + '"' + more + "}}");
    };
    const auto uuid = fresh_uuid();
    BOOST_TEST(order(uuid, R"(,"require":"offline")").at("errors.0.pointer") == "#/parameters/require");
    BOOST_TEST(order(uuid, R"(,"require":"fs")").status == 201);
    BOOST_TEST(order(uuid, R"(,"require":"fs")").status == 200);
    BOOST_TEST(order(uuid, "").at("code") == "order_differs");
}

BOOST_AUTO_TEST_CASE(S25_a_vm_has_ten_snapshots_and_those_that_are_deleted_or_failed_do_not_count)
{
    const Owner owner;
    std::vector<std::string> all;
    for (int i = 0; i < 10; ++i) all.push_back(owner.order().at("uuid"));
    BOOST_TEST(owner.order().at("code") == "snapshot_quota");
    for (const auto& uuid : all) BOOST_TEST(owner.becomes(uuid, "ready").at("status") == "ready");
    BOOST_TEST(owner.member.send("DELETE", "/snapshots/" + all[0]).status == 202);
    BOOST_TEST(owner.order().status == 202);
    BOOST_TEST(owner.order().at("code") == "snapshot_quota");
}

BOOST_AUTO_TEST_CASE(sixteen_requests_at_once_in_a_minute_are_one_snapshot_and_the_others_are_told_when)
{
    const Owner owner;
    const Strict strict;
    std::vector<std::string> answers(16);
    at_once(16, [&](int i) { answers[static_cast<std::size_t>(i)] = strict.order(owner); });
    int taken = 0, too_soon = 0;
    for (const auto& answer : answers) {
        if (says(answer, "Status: 202")) ++taken;
        if (!says(answer, "Status: 429")) continue;
        ++too_soon;
        BOOST_TEST(says(answer, R"("code":"snapshot_too_soon")"), answer);
        const auto at = answer.find("Retry-After: ");
        BOOST_TEST_REQUIRE(at != std::string::npos, answer);
        const int wait = std::stoi(answer.substr(at + 13));
        BOOST_TEST((wait >= 1 && wait <= 60), wait);
    }
    BOOST_TEST(taken == 1);
    BOOST_TEST(too_soon == 15);
    BOOST_TEST(sql("SELECT COUNT(*) FROM snapshots WHERE machine_uuid = '" + owner.vm + "'") == "1");
}

BOOST_AUTO_TEST_CASE(S19_a_vm_is_stopped_put_back_and_started)
{
    const Owner owner;
    write_byte(owner.vm, "0x11");
    const auto snapshot = owner.ready();
    write_byte(owner.vm, "0x22");

    sql("UPDATE machines SET power = 'on' WHERE uuid = '" + owner.vm + "'"); // as it was seen on its host
    const auto refused = owner.member.send("POST", "/snapshots/" + snapshot + "/restore");
    BOOST_TEST(refused.status == 409);
    BOOST_TEST(refused.at("code") == "vm_running");
    BOOST_TEST(says(refused.at("detail"), "POST /vm/" + owner.vm + "/stop"));
    BOOST_TEST(owner.member.send("POST", "/vm/" + owner.vm + "/stop").at("code") == "vm_run_by_hand");
    BOOST_TEST(holds_byte(owner.vm, "0x22"));
    sql("UPDATE machines SET power = 'off' WHERE uuid = '" + owner.vm + "'");

    const auto stopping = owner.member.send("POST", "/vm/" + owner.vm + "/stop");
    BOOST_TEST(stopping.status == 202);
    BOOST_TEST(stopping.at("wanted") == "stopped");
    BOOST_TEST(owner.member.send("POST", "/vm/" + owner.vm + "/stop").status == 202);
    BOOST_TEST(owner.vm_becomes("stopped").at("status") == "stopped");
    BOOST_TEST(owner.member.send("POST", "/snapshots/" + snapshot + "/restore").status == 202);
    BOOST_TEST(owner.becomes(snapshot, "ready").at("status") == "ready");
    BOOST_TEST(holds_byte(owner.vm, "0x11"));

    owner.order(); // of a stopped VM
    BOOST_TEST(owner.member.send("POST", "/vm/" + owner.vm + "/start").at("wanted") == "running");
    BOOST_TEST(owner.vm_becomes("active").at("status") == "active");
}

BOOST_AUTO_TEST_CASE(a_dry_run_stops_nothing)
{
    const Owner owner;
    const auto answer = owner.member.send("POST", "/vm/" + owner.vm + "/stop?dry_run=true");
    BOOST_TEST(answer.status == 200);
    BOOST_TEST(answer.at("wanted") == "stopped");
    BOOST_TEST(owner.member.get("/vm/" + owner.vm).at("wanted") == "running");
}

BOOST_AUTO_TEST_CASE(S16_a_vm_with_snapshots_goes_only_together_with_them)
{
    const Owner owner;
    const auto first = owner.ready(), second = owner.ready();
    for (const char* when : {"now", "end_of_term"}) {
        const auto refused = owner.cancel(R"({"when":")" + std::string{when} + "\"}");
        BOOST_TEST(refused.status == 409);
        BOOST_TEST(refused.at("code") == "vm_has_snapshots");
        BOOST_TEST(refused.at("snapshots.0") == first);
        BOOST_TEST(refused.at("snapshots.1") == second);
        BOOST_TEST(refused.at("snapshots.2") == "");
    }
    BOOST_TEST(owner.cancel(R"({"when":"now","snapshots":"keep"})").at("errors.0.pointer") == "#/snapshots");
    BOOST_TEST(says(snapshots_in_storage(owner.vm), second));

    const auto order = owner.member.get("/vm/" + owner.vm).at("order");
    BOOST_TEST(owner.cancel(R"({"when":"now","snapshots":"delete"})").at("status") == "cancelled");
    for (const auto& uuid : {first, second})
        BOOST_TEST(eventually([&] { return owner.member.get("/snapshots/" + uuid); }, is_gone).status == 404);
    BOOST_TEST(eventually([&] { return owner.member.get("/vm/" + owner.vm); }, is_gone).status == 404);
    shell("test ! -e " + image_of(owner.vm));
    BOOST_TEST(sql("SELECT COUNT(*) FROM usage_spans u JOIN snapshots s ON s.uuid = u.resource_uuid WHERE s.machine_uuid = '" + owner.vm
                   + "' AND u.ended_at IS NULL")
        == "0");
}

// FastCGI never touches storage: it is away here as a whole.
BOOST_AUTO_TEST_CASE(S18_what_a_member_reads_does_not_need_storage)
{
    const Owner owner;
    const auto snapshot = owner.ready();
    shell("mv " + image_of(owner.vm) + ' ' + image_of(owner.vm) + ".away");
    for (const auto& path :
        {std::string{"/vm"}, "/vm/" + owner.vm, "/vm/" + owner.vm + "/snapshots", std::string{"/snapshots"}, "/snapshots/" + snapshot})
        BOOST_TEST(owner.member.get(path).status == 200, path);
    shell("mv " + image_of(owner.vm) + ".away " + image_of(owner.vm));
}

BOOST_AUTO_TEST_CASE(what_another_member_has_is_not_switched)
{
    const Owner owner;
    const auto stranger = joined_member();
    for (const char* verb : {"stop", "start"}) BOOST_TEST(stranger.send("POST", "/vm/" + owner.vm + '/' + verb).status == 404);
    BOOST_TEST(owner.member.get("/vm/" + owner.vm).at("wanted") == "running");
}

BOOST_AUTO_TEST_CASE(a_snapshot_that_storage_lost_is_told_and_not_billed_on)
{
    const Owner owner;
    const auto kept = owner.ready(), lost = owner.ready(), stray = fresh_uuid();
    shell("qemu-img snapshot -d " + lost + ' ' + image_of(owner.vm));
    shell("qemu-img snapshot -c " + stray + ' ' + image_of(owner.vm));
    const auto swept = uncloud("snapshot sweep");
    BOOST_TEST(says(swept, lost), swept);
    BOOST_TEST(says(swept, stray), swept);
    BOOST_TEST(says(uncloud("report snapshots-amiss --format json"), lost));
    BOOST_TEST(owner.member.get("/snapshots/" + lost).at("status") == "lost");
    BOOST_TEST(owner.member.get("/snapshots/" + kept).at("status") == "ready");
    BOOST_TEST(sql("SELECT COUNT(*) FROM usage_spans WHERE resource_uuid = '" + lost + "' AND ended_at IS NULL") == "0");
    BOOST_TEST(owner.member.send("POST", "/snapshots/" + lost + "/restore").at("code") == "snapshot_state");
    BOOST_TEST(says(snapshots_in_storage(owner.vm), stray)); // nobody's that we know: left alone

    BOOST_TEST(owner.member.send("DELETE", "/snapshots/" + lost).status == 202);
    BOOST_TEST(eventually([&] { return owner.member.get("/snapshots/" + lost); }, is_gone).status == 404);
    shell("qemu-img snapshot -d " + stray + ' ' + image_of(owner.vm));
    BOOST_TEST(!says(uncloud("snapshot sweep"), stray));
}

BOOST_AUTO_TEST_CASE(operators_see_snapshots_and_give_them_a_new_start)
{
    const Owner owner;
    const auto uuid = owner.ready();
    BOOST_TEST(says(uncloud("snapshot list --state ready"), uuid));
    BOOST_TEST(says(uncloud("snapshot list --vm " + owner.vm), owner.member.name));
    BOOST_TEST(!says(uncloud("snapshot list --state lost --vm " + owner.vm), uuid));
    const auto shown = uncloud("snapshot show " + uuid);
    BOOST_TEST(says(shown, R"("kind":"snapshot_create")"), shown);
    BOOST_TEST(says(shown, R"("place":"local/.")"), shown);
    BOOST_TEST(says(uncloud("snapshot retry " + uuid), "nothing was given up of it"));
    BOOST_TEST(says(uncloud("snapshot retry " + uuid), "exit 5"));
    BOOST_TEST(says(uncloud("snapshot show " + fresh_uuid()), "exit 4"));
    BOOST_TEST(says(uncloud("snapshot show it"), "exit 2"));

    // A restoring that was given up, as for a disk that somebody had open for too long.
    const auto restoring_is_given_up = [&](const std::string& occasion) {
        sql("UPDATE snapshots SET state = 'restoring', busy_machine = machine_uuid, error = 'storage_busy' WHERE uuid = '" + uuid + "'");
        sql("INSERT INTO jobs (kind, dedupe_key, target, state, attempts, not_before, created_at, finished_at, last_error) VALUES"
            " ('snapshot_restore', 'snapshot_restore:"
            + uuid + ':' + occasion + "', '" + uuid + "', 'dead', 6, NOW(6), NOW(6), NOW(6), 'storage_busy')");
    };
    restoring_is_given_up("x");
    BOOST_TEST(says(uncloud("report snapshots-amiss"), uuid));
    BOOST_TEST(says(uncloud("job list --state dead"), uuid));
    BOOST_TEST(owner.member.get("/snapshots/" + uuid).at("error") == "storage_busy");
    BOOST_TEST(says(uncloud("snapshot retry " + uuid), "exit 0"));
    BOOST_TEST(owner.becomes(uuid, "ready").at("status") == "ready");
    BOOST_TEST(says(the_operator.get("/admin/audit-log?limit=20").body, "snapshot.retry"));

    BOOST_TEST(says(uncloud("snapshot give-up " + uuid), "exit 5"));
    restoring_is_given_up("y");
    BOOST_TEST(says(uncloud("snapshot give-up " + uuid), "exit 0"));
    BOOST_TEST(owner.member.get("/snapshots/" + uuid).at("status") == "ready");
    BOOST_TEST(owner.member.get("/snapshots/" + uuid).at("error") == "restore_given_up");
    owner.ready(); // the VM is free for others
}

BOOST_AUTO_TEST_SUITE_END()
