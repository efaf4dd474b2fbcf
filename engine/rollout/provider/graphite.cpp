// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "object/json.h"
#include "rollout/analysis/expression_value.h"
#include "rollout/provider/provider.h"

#include <algorithm>

/// Source: argo-rollouts metricproviders/graphite/{api,graphite}.go@v1.9.1
namespace tiphys::rollout::provider {

using object::Value;

namespace {

int digitOf(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::string unescaped(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool isCode =
            text[i] == '%' && i + 2 < text.size() && digitOf(text[i + 1]) >= 0 && digitOf(text[i + 2]) >= 0;
        if (isCode) {
            out += static_cast<char>(digitOf(text[i + 1]) * 16 + digitOf(text[i + 2]));
            i += 2;
        } else {
            out += text[i] == '+' ? ' ' : text[i];
        }
    }
    return out;
}

/// The parameters of \p query, which may be written with white space, in order of their names, and format=json.
std::string encoded(std::string_view query)
{
    std::string dense;
    for (const char c : query) {
        if (c != ' ' && !(c >= '\t' && c <= '\r'))
            dense += c;
    }
    std::vector<std::pair<std::string, std::string>> parameters;
    for (const std::string_view part : split(dense, '&')) {
        const std::size_t equals = part.find('=');
        const std::string name = unescaped(part.substr(0, equals));
        if (!part.empty() && name != "format")
            parameters.emplace_back(name, equals == std::string_view::npos ? "" : unescaped(part.substr(equals + 1)));
    }
    parameters.emplace_back("format", "json");
    std::ranges::stable_sort(parameters, {}, &std::pair<std::string, std::string>::first);
    std::string result;
    for (const auto &[name, text] : parameters)
        result += (result.empty() ? "" : "&") + queryEscaped(name) + "=" + queryEscaped(text);
    return result;
}

Step readAnswer(const Course &course, const HttpReply &reply)
{
    if (!reply.error.empty())
        return erroneous(course, reply.error);
    if (reply.status >= 400)
        return erroneous(course, "error response: " + reply.body);
    const Expected<Value> answer = object::parseJson(reply.body);
    if (!answer)
        return erroneous(course, answer.error().message());
    const Value points = answer->at(0)["datapoints"];
    if (points.size() == 0)
        return erroneous(course, "no values found");
    std::vector<Value> numbers;
    std::vector<std::string> texts;
    for (const Value &point : points.items()) {
        if (point.size() != 2)
            return erroneous(course, "error unmarshaling data point: " + object::toJson(point));
        const Value first = point.at(0);
        const auto number = first.isString() ? expression::floatOf(first.stringOr()) : first.asNumber();
        if (!number && !first.isNull())
            return erroneous(course, "error unmarshaling value: " + object::toJson(first));
        if (!number)
            continue;
        numbers.emplace_back(*number);
        texts.push_back(fixed(*number, 6));
    }
    const std::string shown = "[" + join(texts, ",") + "]";
    Measurement measurement = assessed(course, {.value = Value::list(numbers), .isFloatList = true}, shown);
    measurement.value = shown; // of an error as well
    return measurement;
}

} // namespace

Step graphiteStep(const Course &course)
{
    const Value config = course.request.metric.provider["graphite"];
    std::string address(config["address"].stringOr());
    if (address.empty())
        return erroneous(course, "Graphite address  is not a valid URL");
    if (!course.replies.empty())
        return readAnswer(course, course.replies[0]);
    while (address.ends_with('/'))
        address.pop_back();
    return HttpCall{.url = address + "/render?" + encoded(config["query"].stringOr()),
                    .timeout = std::chrono::seconds(10)};
}

} // namespace tiphys::rollout::provider
