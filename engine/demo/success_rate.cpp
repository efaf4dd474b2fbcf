// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/success_rate.h"

#include "base/text.h"
#include "demo/resource_request.h"

#include <algorithm>
#include <cmath>

namespace tiphys::demo {

using object::Object;
using object::Value;

namespace {

constexpr std::string_view kPath = "/demo/success-rate/";
constexpr double kHealthy = 0.996;
constexpr double kLostEachSecond = 0.003;
constexpr double kLeast = 0.3;
constexpr std::int64_t kGoodSeconds = 12; ///< measured for so long, a leaking pod is as good as any

bool isReady(const Object &pod)
{
    const Value conditions = pod.path({"status", "conditions"});
    return std::ranges::any_of(conditions.items(), [](const Value &condition) {
        return condition["type"].stringOr() == "Ready" && condition["status"].stringOr() == "True";
    });
}

bool isLeaking(const Object &pod)
{
    const Value containers = pod.path({"spec", "containers"});
    return std::ranges::any_of(containers.items(),
                               [](const Value &container) { return container["image"].stringOr().ends_with("-leak"); });
}

} // namespace

double SuccessRate::rateOf(const Object &pod, std::int64_t nowSeconds)
{
    if (!isLeaking(pod))
        return kHealthy;
    const std::int64_t measured =
        nowSeconds - m_firstAsked.try_emplace(std::string(pod.uid()), nowSeconds).first->second;
    return std::max(
        kLeast, kHealthy - kLostEachSecond * static_cast<double>(std::max<std::int64_t>(0, measured - kGoodSeconds)));
}

std::optional<Response> SuccessRate::answer(const Store &store, const Request &request)
{
    if (!request.path.starts_with(kPath))
        return std::nullopt;
    if (request.method != "GET")
        return refused(methodNotAllowed());
    const auto parts = split(std::string_view(request.path).substr(kPath.size()), '/');
    if (parts.size() != 2)
        return refused(noSuchPath());
    int count = 0;
    double sum = 0;
    for (const auto &[place, pod] : store.objectsOf({"", "Pod"})) {
        if (place.first != parts[0] || pod.label("rollouts-pod-template-hash") != parts[1] || !isReady(pod))
            continue;
        ++count;
        sum += rateOf(pod, store.now() / 1000);
    }
    const double rate = count == 0 ? 1 : std::round(sum / count * 1000) / 1000;
    return jsonResponse(Value::map({{"pods", count}, {"successRate", rate}}));
}

} // namespace tiphys::demo
