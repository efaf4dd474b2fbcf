// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/sprig/groups.h"

#include "text/sprig/go_url.h"

namespace tiphys::text::sprig {

namespace {

using types::kAnyMap;
using types::kString;

CallResult parsedUrl(std::string_view text)
{
    const TemplateExpected<GoUrl> url = GoUrl::parse(text);
    if (!url)
        return templateError("unable to parse url: " + url.error().text);
    const TemplateValue map = TemplateValue::map();
    const auto set = [&](std::string_view key, std::string_view value) { map.set(key, TemplateValue::string(value)); };
    set("scheme", url->scheme);
    set("host", url->host);
    set("hostname", url->hostname());
    set("path", url->path);
    set("query", url->query);
    set("opaque", url->opaque);
    set("fragment", url->fragment);
    set("userinfo", url->user ? url->user->text() : std::string());
    return map;
}

/// The text member \p key, "" if absent. Errors: anything else than a text.
TemplateExpected<std::string> memberOf(const TemplateValue &map, std::string_view key)
{
    const TemplateValue *const value = map.find(key);
    if (!value)
        return std::string();
    if (value->isNil())
        return nilPointer();
    if (!value->isString())
        return templateError("unable to parse " + std::string(key) + " key, must be of type string, but "
                             + std::string(kindName(value->kind())) + " found");
    return std::string(value->text());
}

CallResult joinedUrl(const TemplateValue &map)
{
    GoUrl url;
    std::string user;
    const std::pair<std::string_view, std::string *> members[] = {
        {"scheme", &url.scheme}, {"host", &url.host},         {"path", &url.path}, {"query", &url.query},
        {"opaque", &url.opaque}, {"fragment", &url.fragment}, {"userinfo", &user}};
    for (const auto &[key, place] : members) {
        TemplateExpected<std::string> text = memberOf(map, key);
        if (!text)
            return std::unexpected(text.error());
        *place = *std::move(text);
    }
    if (!user.empty()) {
        const TemplateExpected<GoUrl> parsed = GoUrl::parse("proto://" + user + "@host");
        if (!parsed)
            return templateError("unable to parse userinfo in dict: " + parsed.error().text);
        url.user = parsed->user;
    }
    return textResult(url.text());
}

} // namespace

void addUrlFunctions(FunctionTable &table)
{
    table.add("urlParse", {&kString}, [](Arguments args, CallContext &) { return parsedUrl(args[0].text()); });
    table.add("urlJoin", {&kAnyMap}, [](Arguments args, CallContext &) { return joinedUrl(args[0]); });
    // Helm answers with nothing unless it is told to ask name servers, which templates here never do.
    table.add("getHostByName", {&kString}, [](Arguments, CallContext &) { return textResult(""); });
}

} // namespace tiphys::text::sprig
