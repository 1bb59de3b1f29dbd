#include "ovh_model.h"
#include "ovh_purchase.h"

#include <boost/test/unit_test.hpp>

using namespace site;

namespace {

// As OVH's own schema tells them (order.json, me.json, dedicated/server.json of api.ovh.com), and what we tell beside.
const OvhModels models{
    {"Price", "currencyCode=text priceInUcents=long text=text value=double"},
    {"LongPrice", "currencyCode=text text=text value=double"},
    // carts
    {"Cart", "cartId=text description=text expire?=datetime items[]=long readOnly=bool orderId?=long"},
    {"Item",
        "cartId=text configurations?[]=long duration?=duration itemId=long offerId?=text options[]=long parentItemId?=long"
        " prices[]=ItemPrice productId=text settings=ItemSettings"},
    {"ItemPrice", "label=text price=Price promotions?[]=Promotion"},
    {"ItemSettings", "planCode?=text pricingMode?=text quantity?=long"},
    {"Promotion", ""},
    {"ConfigurationRequirements", "allowedValues?[]=text fields?[]=text label=text required=bool type=text"},
    {"ConfigurationItem", "id=long label=text value=text"},
    {"Offer", "planCode=text prices[]=OfferPrice productName=text productType=text"},
    {"OptionOffer", "exclusive=bool family=text mandatory=bool planCode=text prices[]=OfferPrice productName=text productType=text"},
    {"OfferPrice",
        "capacities[]=text description=text duration=duration interval=long maximumQuantity?=long maximumRepeat?=long"
        " minimumQuantity=long minimumRepeat=long price=Price priceInUcents=long pricingMode=text pricingType=text"},
    // catalogues
    {"Formatted", "families[]=Family metadatas=Metadata products[]=Product techDetails[]=TechDetails"},
    {"Family", "name=text products[]=text"},
    {"Metadata",
        "catalog=long core=LongRange currency=Currency datacenters[]=text frequency=Range merchant=text price=Range ram=LongRange"
        " thread=LongRange timestamp=long"},
    {"LongRange", "max=long min=long"},
    {"Range", "max=double min=double"},
    {"Currency", "code=text description=text symbol=text"},
    {"Product",
        "addonsFamily[]=AddonFamily code=text compatibilities?[]=text datacenters[]=text derivatives?[]=text family=text"
        " invoiceName=text isChildOf?=text isParentOf?[]=text prices=ProductPrice specifications=Specification"},
    {"AddonFamily", "addons[]=Addon family=text"},
    {"Addon", "code=text datacenters?[]=text name=text options?=text price=Price"},
    {"ProductPrice", "default=DefaultPrice hardzone?=text week?=text"},
    {"DefaultPrice", "installation?=Price renew?=Price"},
    {"Specification", "cpu?=Cpu disks?[]=Disk gpu?=Gpu memory?=Memory network=Network"},
    {"Cpu", "boost?=double brand?=text cores?=long frequency?=double model?=text planCode?=text threads?=long"},
    {"Disk", "number=long planCode?=text raid=text size=long type=text"},
    {"Gpu", "model?=text number?=long planCode?=text"},
    {"Memory", "planCode?=text size?=long type?=text"},
    {"Network", "failover=long internal=long ip=long outgoing=long private=long privateBandwidth=long"},
    {"TechDetails", "plans[]=TechPlan type=text"},
    {"TechPlan", "code=text specificities[]=Specificity"},
    {"Specificity", "key=text value=double"},
    {"Public", "addons[]=Plan catalogId=long locale=Locale planFamilies[]=PlanFamily plans[]=Plan products[]=PlanProduct"},
    {"Locale", "currencyCode=text subsidiary=text taxRate=double"},
    {"PlanFamily", "name=text"},
    {"PlanProduct", "blobs?=Blob configurations?[]=Configuration description=text name=text"},
    {"Blob", ""},
    {"Plan",
        "addonFamilies[]=AddonFamilies blobs?=Blob configurations[]=Configuration consumptionConfiguration?=Blob family?=text"
        " invoiceName=text planCode=text pricingType=text pricings[]=Pricing product=text"},
    {"AddonFamilies", "addons?[]=text default?=text exclusive?=bool mandatory?=bool name=text"},
    {"Configuration", "isCustom=bool isMandatory=bool name=text values?[]=text"},
    {"Pricing",
        "capacities[]=text commitment=long description=text engagementConfiguration?=Engagement interval=long intervalUnit=text"
        " mode=text mustBeCompleted=bool phase=long price=long promotions?[]=Promotion quantity=MinMax repeat=MinMax strategy=text"
        " tax=long type=text"},
    {"Engagement", "defaultEndAction=text duration=duration type=text"},
    {"MinMax", "max?=long min=long"},
    {"Availability",
        "datacenters[]=DatacenterAvailability fqn=text gpu?=text memory?=text planCode=text server=text storage?=text"
        " systemStorage?=text"},
    {"DatacenterAvailability", "availability=text datacenter=text"},
    // orders and bills
    {"Nichandle",
        "address?=text area?=text birthCity?=text birthDay?=text city?=text companyNationalIdentificationNumber?=text"
        " complementaryAddress?=text corporationType?=text country=text currency=MeCurrency customerCode?=text email=text fax?=text"
        " firstname?=text italianSDI?=text kycValidated?=bool language?=text legalform=text name?=text nationalIdentificationNumber?=text"
        " nichandle=text organisation?=text ovhCompany=text ovhSubsidiary=text phone?=text phoneCountry?=text phoneType?=text"
        " purposeOfPurchase?=text sex?=text spareEmail?=text state=text vat?=text zip?=text"},
    {"MeCurrency", "code=text symbol=text"},
    {"PlacedOrder",
        "date?=datetime expirationDate?=datetime orderId=long password=text pdfUrl=text priceWithTax=Price priceWithoutTax=Price"
        " retractionDate?=datetime tax=Price url=text"},
    {"OrderDetail",
        "cancelled=bool description=text detailType?=text domain=text orderDetailId=long quantity=text totalPrice=Price"
        " unitPrice=Price"},
    {"Extension", "order=ExtensionOrder"},
    {"ExtensionOrder", "action?=text configurations[]=ExtensionConfiguration plan=ExtensionPlan type?=text"},
    {"ExtensionConfiguration", "label=text value=text"},
    {"ExtensionPlan", "code?=text duration?=text pricingMode?=text product=ExtensionProduct quantity?=long"},
    {"ExtensionProduct", "name?=text"},
    {"Operation", "id=long quantity=long resource=Resource status=text type=text"},
    {"Resource", "displayName=text name?=text state=text"},
    {"FollowUp", "history[]=History status=text step=text"},
    {"History", "date=datetime description=text label=text"},
    {"AssociatedObject", "id?=text type?=text"},
    {"Payment", "paymentDate=datetime paymentIdentifier?=text paymentType=text"},
    {"RegisteredPaymentMean", "paymentMean=text"},
    {"PaymentMethods", "available[]=AvailableMethod paymentMethods[]=PaymentMethod registered[]=long"},
    {"AvailableMethod",
        "formSessionId?=text icon=Icon integration=text merchantId?=text oneshot=bool organizationId?=text"
        " paymentSubType?=text paymentType=text registerable=bool registerableWithTransaction=bool"},
    {"PaymentMethod",
        "billingContactId?=long creationDate=datetime default=bool description?=text expirationDate?=datetime"
        " formSessionId?=text icon=Icon integration?=text label?=text lastUpdate=datetime merchantId?=text oneclick?=bool"
        " paymentMeanId?=long paymentMethodId=long paymentSubType?=text paymentType=text status=text"},
    {"Icon", "data?=text name=text url?=text"},
    {"Bill",
        "billId=text category=text date=datetime orderId=long password=text pdfUrl=text priceWithTax=Price priceWithoutTax=Price"
        " tax=Price url=text"},
    {"BillDetail",
        "billDetailId=text description=text domain=text periodEnd?=date periodStart?=date quantity=text totalPrice=Price"
        " unitPrice=LongPrice"},
};

void hold(const OvhClient& client, const std::string& path, const std::string& type)
{
    const auto answer = client.get(path);
    BOOST_TEST(answer.status == 200, path << ": " << answer.body);
    const Json value{json_loads(answer.body.c_str(), JSON_DECODE_ANY, nullptr), json_decref};
    const auto faults = faults_of(models, value.get(), type);
    BOOST_TEST(faults.empty(), "GET " << path << ":\n" << faults << answer.body);
    BOOST_TEST((!type.ends_with("[]") || json_array_size(value.get()) > 0), path << " has nothing to be held against the model");
}

} // namespace

BOOST_AUTO_TEST_SUITE(ovh_models)

BOOST_AUTO_TEST_CASE(a_value_that_is_not_of_its_model_is_found)
{
    const auto faults = [](const char* json, const char* type) {
        const Json value{json_loads(json, JSON_DECODE_ANY, nullptr), json_decref};
        return faults_of(models, value.get(), type);
    };
    BOOST_TEST(faults(R"({"max":1,"min":0})", "LongRange").empty());
    BOOST_TEST(faults(R"({"max":null,"min":0})", "MinMax").empty());
    BOOST_TEST(faults(R"({"max":1})", "LongRange") == "LongRange.min is missing\n");
    BOOST_TEST(faults(R"({"max":null,"min":0})", "LongRange") == "LongRange.max is null\n");
    BOOST_TEST(faults(R"({"max":1,"min":0.5})", "LongRange") == "LongRange.min is no long\n");
    BOOST_TEST(faults(R"({"max":1,"min":0,"mean":null})", "LongRange") == "LongRange.mean is not of the model\n");
    BOOST_TEST(faults(R"([{"duration":"P1M","type":"x","defaultEndAction":"x"},7])", "Engagement[]") == "Engagement[].1 is no object\n");
    BOOST_TEST(faults(R"(["2026-01-01T00:00:00Z"])", "datetime[]") == "datetime[].0 is no datetime\n");
}

BOOST_AUTO_TEST_CASE(catalogues_have_every_field_of_their_models_and_no_other)
{
    const auto anybody = anonymous_client();
    hold(anybody, "/order/catalog/formatted", "text[]");
    for (const std::string subsidiary : {"CH", "DE", "EU"}) {
        hold(anybody, "/order/catalog/formatted/dedicated?ovhSubsidiary=" + subsidiary, "Formatted");
        for (const std::string product : {"dedicated", "baremetalServers", "eco", "vps"})
            hold(anybody, "/order/catalog/public/" + product + "?ovhSubsidiary=" + subsidiary, "Public");
    }
    hold(anybody, "/dedicated/server/datacenter/availabilities", "Availability[]");
    hold(anybody, "/dedicated/server/datacenter/availabilities?planCode=core-1&datacenters=gla", "Availability[]");
}

BOOST_AUTO_TEST_CASE(carts_have_every_field_of_their_models_and_no_other)
{
    const auto client = ovh_client(member_with_card());
    const auto [cart, items] = full_cart(client);
    const auto at = "/order/cart/" + cart;
    hold(client, "/order/cart", "text[]");
    hold(client, at, "Cart");
    for (const std::string product : {"dedicated", "baremetalServers", "eco", "vps"}) {
        hold(client, at + '/' + product, "Offer[]");
        hold(client, at + '/' + product + "/options?planCode=core-1", "OptionOffer[]");
    }
    hold(client, at + "/item", "long[]");
    for (const auto& item : items) hold(client, at + "/item/" + item, "Item");
    const auto server = at + "/item/" + items[0];
    hold(client, server + "/requiredConfiguration", "ConfigurationRequirements[]");
    hold(client, server + "/configuration", "long[]");
    hold(client, server + "/configuration/" + client.get(server + "/configuration").at("0"), "ConfigurationItem");
}

BOOST_AUTO_TEST_CASE(orders_and_bills_have_every_field_of_their_models_and_no_other)
{
    const auto client = ovh_client(member_with_card());
    const auto order = bought(client, full_cart(client).cart);
    BOOST_TEST(status_becoming(client, order, "delivered") == "\"delivered\"");
    const auto at = "/me/order/" + order;
    hold(client, "/me", "Nichandle");
    hold(client, "/me/order", "long[]");
    hold(client, at, "PlacedOrder");
    hold(client, at + "/status", "text");
    hold(client, at + "/details", "long[]");
    const auto details = client.get(at + "/details").json();
    for (std::size_t i = 0; i < json_array_size(details.get()); ++i) {
        const auto detail = at + "/details/" + std::to_string(json_integer_value(json_array_get(details.get(), i)));
        hold(client, detail, "OrderDetail");
        hold(client, detail + "/extension", "Extension");
        hold(client, detail + "/operations", "long[]");
        hold(client, detail + "/operations/1", "Operation");
    }
    hold(client, at + "/followUp", "FollowUp[]");
    hold(client, at + "/associatedObject", "AssociatedObject");
    hold(client, at + "/availableRegisteredPaymentMean", "RegisteredPaymentMean[]");
    hold(client, at + "/paymentMethods", "PaymentMethods");
    hold(client, at + "/payment", "Payment");
    hold(client, "/me/payment/method", "long[]");
    hold(client, "/me/payment/method/" + client.get("/me/payment/method?default=true").at("0"), "PaymentMethod");
    hold(client, "/me/bill", "text[]");
    const auto bill = "/me/bill/" + client.get(at + "/associatedObject").at("id");
    hold(client, bill, "Bill");
    hold(client, bill + "/details", "text[]");
    hold(client, bill + "/details/1", "BillDetail");
    hold(client, bill + "/payment", "Payment");
}

BOOST_AUTO_TEST_SUITE_END()
