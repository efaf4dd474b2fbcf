// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "rollout/provider/provider.h"

#include <cmath>
#include <limits>

/// Source: argo-rollouts metricproviders/wavefront/wavefront.go@v1.9.1, spaceapegames/go-wavefront query.go@v1.8.1
namespace tiphys::rollout::provider {

using object::Value;

namespace {

struct Point
{
    double value = 0;
    double seconds = 0;
    double drift = HUGE_VAL;
};

/// The point that is nearest to the start of the measurement.
Point nearest(const Value &points, double start)
{
    Point found;
    for (const Value &point : points.items()) {
        const double seconds = point.at(0).asNumber().value_or(0);
        if (std::fabs(seconds - start) < std::fabs(found.drift))
            found = {point.at(1).asNumber().value_or(0), seconds, seconds - start};
    }
    return found;
}

std::string whole(double number)
{
    return std::isinf(number) ? std::to_string(std::numeric_limits<std::int64_t>::min())
                              : std::to_string(static_cast<std::int64_t>(number));
}

std::string listed(const std::vector<std::string> &parts)
{
    return parts.size() == 1 ? parts.front() : "[" + join(parts, ",") + "]";
}

Step readAnswer(const Course &course, const HttpReply &reply)
{
    const JsonReply answer = jsonOf(reply);
    if (!answer.problem.empty())
        return erroneous(course, answer.problem);
    const Value series = answer.value["timeseries"];
    const std::string warnings(answer.value["warnings"].stringOr());
    if (series.size() == 0) {
        const auto said = answer.value["errorMessage"].stringOr();
        Measurement nothing =
            erroneous(course, said.empty() ? "No TimeSeries found in response from Wavefront" : std::string(said));
        if (!warnings.empty())
            nothing.metadata.emplace("warnings", warnings);
        return nothing;
    }
    const crd::Timestamp begin = course.request.measurement.startedAt.value_or(course.now.timestamp());
    const double start = static_cast<double>(begin.seconds);
    std::vector<Value> numbers;
    std::vector<std::string> texts, moments, drifts;
    for (const Value &part : series.items()) {
        const Value data = part["data"];
        const Point point = nearest(data, start);
        numbers.emplace_back(point.value);
        texts.push_back(fixed(point.value, 2));
        moments.push_back(whole(point.seconds));
        drifts.push_back(whole(point.drift));
    }
    const bool isOne = numbers.size() == 1;
    Measurement measurement = assessed(
        course, {.value = isOne ? numbers.front() : Value::list(numbers), .isFloatList = !isOne}, listed(texts));
    if (measurement.phase != AnalysisPhase::Error) {
        measurement.metadata.emplace("timestamps", listed(moments));
        measurement.metadata.emplace("drift", listed(drifts));
    }
    if (!warnings.empty())
        measurement.metadata.emplace("warnings", warnings);
    return measurement;
}

} // namespace

Step wavefrontStep(const Course &course)
{
    const Value config = course.request.metric.provider["wavefront"];
    const SecretNeed need{"", "wavefront-api-tokens"};
    const SecretValues *secret = secretOf(course, need);
    if (!secret)
        return need;
    if (secret->empty())
        return erroneous(course, "secrets \"" + need.name + "\" not found");
    const std::string address(config["address"].stringOr());
    const std::string token = valueIn(*secret, address);
    if (token.empty())
        return erroneous(course, "API token not found");
    if (!course.replies.empty())
        return readAnswer(course, course.replies[0]);
    const std::string moment = std::to_string(course.now.timestamp().seconds * 1000);
    return HttpCall{.url = "https://" + address + "/api/v2/chart/api?e=" + moment
                           + "&g=s&i=true&p=1&q=" + queryEscaped(config["query"].stringOr()) + "&s=" + moment,
                    .headers = {{"Authorization", "Bearer " + token}, {"Accept", "application/json"}}};
}

} // namespace tiphys::rollout::provider
