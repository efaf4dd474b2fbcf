// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/sprig/groups.h"

#include "text/gotemplate/format.h"
#include "text/sprig/base_text.h"
#include "text/sprig/certificate.h"
#include "text/sprig/ip_address.h"

#include <algorithm>
#include <string>
#include <vector>

namespace tiphys::text::sprig {

namespace {

using types::kAnyList;
using types::kInt;
using types::kString;

/// Making a key counts as so many steps of a template.
constexpr std::uint64_t kKeySteps = 1'000'000;

class CertificateContent final : public ObjectContent
{
public:
    explicit CertificateContent(Certificate held) : value(std::move(held)) {}
    const Certificate value;
};

const Certificate &certificateOf(const TemplateValue &value)
{
    return static_cast<const CertificateContent *>(value.objectContent())->value;
}

class CertificateMethods final : public TypeMethods
{
public:
    std::vector<std::pair<std::string_view, TemplateValue>> fields(const TemplateValue &value) const override
    {
        const Certificate &held = certificateOf(value);
        return {{"Cert", TemplateValue::string(held.certificate)}, {"Key", TemplateValue::string(held.key)}};
    }
};

const CertificateMethods kMethods;
/// Sprig's unexported struct: templates see its fields Cert and Key.
const Type kCertificate{Kind::Struct, "sprig.certificate", nullptr, nullptr, &kMethods};

CallResult certificateResult(TemplateExpected<Certificate> certificate)
{
    if (!certificate)
        return std::unexpected(certificate.error());
    return TemplateValue::object(kCertificate, std::make_unique<CertificateContent>(*std::move(certificate)));
}

TemplateExpected<std::vector<std::string>> addressesOf(const TemplateValue &list)
{
    std::vector<std::string> addresses;
    for (const TemplateValue &item : list.items()) {
        if (!item.is(kString))
            return templateError("error parsing ip: " + plainText(item) + " is not a string");
        const TemplateExpected<IpAddress> address = parseIpAddress(item.text());
        if (!address || !address->zone.empty())
            return templateError("error parsing ip: " + std::string(item.text()));
        std::string bytes(address->bytes.begin(), address->bytes.end());
        // An IPv4 address in IPv6 form is the IPv4 address.
        const std::string mapped = std::string(10, '\0') + "\xFF\xFF";
        addresses.push_back(address->isV4 || bytes.starts_with(mapped) ? bytes.substr(12) : bytes);
    }
    return addresses;
}

TemplateExpected<std::vector<std::string>> namesOf(const TemplateValue &list)
{
    std::vector<std::string> names;
    for (const TemplateValue &item : list.items()) {
        if (!item.is(kString))
            return templateError("error processing alternate dns name: " + plainText(item) + " is not a string");
        names.emplace_back(item.text());
    }
    return names;
}

/// Reads common name, addresses, names and days, in this order.
TemplateExpected<CertificateRequest> requestOf(const SprigWorld &world, Arguments args)
{
    TemplateExpected<std::vector<std::string>> addresses = addressesOf(args[1]);
    if (!addresses)
        return std::unexpected(addresses.error());
    TemplateExpected<std::vector<std::string>> names = namesOf(args[2]);
    if (!names)
        return std::unexpected(names.error());
    CertificateRequest request;
    request.commonName = args[0].text();
    request.addresses = *std::move(addresses);
    request.names = *std::move(names);
    request.daysValid = std::clamp<std::int64_t>(args[3].integer(), -100'000, 100'000);
    request.notBefore = world.now();
    std::vector<std::uint8_t> serial(16);
    if (world.random)
        world.random(serial);
    request.serial.assign(serial.begin(), serial.end());
    return request;
}

CertificateRequest authorityRequest(const SprigWorld &world, Arguments args)
{
    TemplateValue plain[] = {args[0], TemplateValue::nilOf(kAnyList), TemplateValue::nilOf(kAnyList), args[1]};
    CertificateRequest request = requestOf(world, plain).value_or(CertificateRequest());
    request.isAuthority = true;
    return request;
}

/// The key of the last argument, or a new one.
enum class KeySource { New, LastArgument };

TemplateExpected<PrivateKey> keyFor(Arguments args, KeySource source)
{
    if (source == KeySource::New)
        return newRsaKey(2048);
    TemplateExpected<PrivateKey> key = parsePrivateKey(args.back().text());
    if (!key)
        return templateError("parsing private key: " + key.error().text);
    return key;
}

/// What is made of the arguments once the key is there.
using Maker = TemplateExpected<Certificate> (*)(const SprigWorld &, Arguments, PrivateKey);

void addMaker(FunctionTable &table, const SprigWorldPtr &world, const std::string &name,
              std::vector<const Type *> parameters, Maker make)
{
    for (const KeySource source : {KeySource::New, KeySource::LastArgument}) {
        std::vector<const Type *> all = parameters;
        if (source == KeySource::LastArgument)
            all.push_back(&kString);
        table.add(name + (source == KeySource::New ? "" : "WithKey"), {std::move(all), false},
                  [world, source, make](Arguments args, CallContext &context) -> CallResult {
                      if (!context.budget().takeSteps(kKeySteps))
                          return budgetExceeded("private keys");
                      TemplateExpected<PrivateKey> key = keyFor(args, source);
                      if (!key)
                          return std::unexpected(key.error());
                      return certificateResult(make(*world, args, *std::move(key)));
                  });
    }
}

CallResult customCertificate(std::string_view certificate, std::string_view key)
{
    const TemplateExpected<std::string> certificateText = base64Bytes(certificate);
    if (!certificateText)
        return templateError("unable to decode base64 certificate");
    const TemplateExpected<std::string> keyText = base64Bytes(key);
    if (!keyText)
        return templateError("unable to decode base64 private key");
    if (const TemplateExpected<void> result = checkCertificate(*certificateText, *keyText); !result)
        return std::unexpected(result.error());
    return certificateResult(Certificate{*certificateText, *keyText});
}

} // namespace

void addCertificateFunctions(FunctionTable &table, const SprigWorldPtr &world)
{
    addMaker(table, world, "genCA", {&kString, &kInt}, [](const SprigWorld &given, Arguments args, PrivateKey key) {
        return newCertificate(authorityRequest(given, args), std::move(key));
    });
    addMaker(table, world, "genSelfSignedCert", {&kString, &kAnyList, &kAnyList, &kInt},
             [](const SprigWorld &given, Arguments args, PrivateKey key) -> TemplateExpected<Certificate> {
                 const TemplateExpected<CertificateRequest> request = requestOf(given, args);
                 if (!request)
                     return std::unexpected(request.error());
                 return newCertificate(*request, std::move(key));
             });
    addMaker(table, world, "genSignedCert", {&kString, &kAnyList, &kAnyList, &kInt, &kCertificate},
             [](const SprigWorld &given, Arguments args, PrivateKey key) -> TemplateExpected<Certificate> {
                 const TemplateExpected<CertificateRequest> request = requestOf(given, args);
                 if (!request)
                     return std::unexpected(request.error());
                 return newCertificate(*request, std::move(key), &certificateOf(args[4]));
             });
    table.add("buildCustomCert", {&kString, &kString},
              [](Arguments args, CallContext &) { return customCertificate(args[0].text(), args[1].text()); });
    table.add("genPrivateKey", {&kString}, [](Arguments args, CallContext &context) -> CallResult {
        if (!context.budget().takeSteps(kKeySteps))
            return budgetExceeded("private keys");
        return textResult(newPrivateKeyText(args[0].text()));
    });
}

} // namespace tiphys::text::sprig
