// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/lint.h"

#include "object/json.h"
#include "object/yaml.h"
#include "rollout/names.h"
#include "rollout/observed.h"
#include "rollout/reference_validation.h"
#include "rollout/router/istio_routes.h"
#include "rollout/router/routing.h"
#include "rollout/strict/strict_reading.h"
#include "rollout/validation.h"

#include <algorithm>

namespace tiphys::rollout {

using object::Object;
using object::Value;

namespace {

constexpr std::string_view kDecoding = "error unmarshaling JSON: while decoding JSON: ";

/// An object that a Rollout may name, with the Rollout that manages it: as it says itself, or as the file tells.
struct Named
{
    Object object;
    std::string manager;
    std::string field; ///< of a Service: where the Rollout names it
};

/// The objects of a file.
struct File
{
    std::vector<Rollout> rollouts;
    std::vector<Named> services;
    std::vector<Named> ingresses;
    std::vector<Named> virtualServices;
};

/// Fields in which \p rollout names Services; of a Service in several the last counts.
std::string fieldOf(const Rollout &rollout, std::string_view service)
{
    std::string field;
    const auto match = [&field, &service](const std::string &name, const char *suffix) {
        if (!name.empty() && name == service)
            field = std::string("spec.strategy.") + suffix;
    };
    if (rollout.canary) {
        match(rollout.canary->canaryService, "canary.canaryService");
        match(rollout.canary->stableService, "canary.stableService");
        if (rollout.canary->pingPong) {
            match(rollout.canary->pingPong->pingService, "canary.pingPong.pingService");
            match(rollout.canary->pingPong->pongService, "canary.pingPong.pongService");
        }
    }
    if (rollout.blueGreen) {
        match(rollout.blueGreen->activeService, "blueGreen.activeService");
        match(rollout.blueGreen->previewService, "blueGreen.previewService");
    }
    return field;
}

Named named(const Object &object)
{
    const Value manager = object.path({"metadata", "annotations"})[kManagedByAnnotation];
    return {.object = object, .manager = std::string(manager.stringOr()), .field = {}};
}

bool isIngress(const Object &object)
{
    return object.kind() == "Ingress" && (object.group() == "networking.k8s.io" || object.group() == "extensions")
           && (object.version() == "v1" || object.version() == "v1beta1");
}

bool hasRuleFor(const Object &ingress, std::string_view service)
{
    const Value rules = ingress.path({"spec", "rules"});
    for (const Value &rule : rules.items()) {
        const Value paths = rule.path({"http", "paths"});
        for (const Value &path : paths.items()) {
            const Value backend = path["backend"];
            const Value name = ingress.version() == "v1" ? backend.path({"service", "name"}) : backend["serviceName"];
            if (name.stringOr() == service)
                return true;
        }
    }
    return false;
}

/// The Service of which an ingress of \p rollout must speak.
std::string ingressService(const Canary &canary)
{
    const Value routing = canary.trafficRouting->value;
    if (routing["nginx"].isMap())
        return canary.stableService;
    if (routing["alb"].isMap()) {
        const std::string root(routing.path({"alb", "rootService"}).stringOr());
        return root.empty() ? canary.stableService : root;
    }
    return std::string(routing.path({"smi", "rootService"}).stringOr());
}

void manageServices(File &file)
{
    for (const Rollout &rollout : file.rollouts) {
        for (Named &service : file.services) {
            if (std::string field = fieldOf(rollout, service.object.name()); !field.empty()) {
                service.field = std::move(field);
                service.manager = rollout.name;
            }
        }
    }
}

void manageIngresses(File &file)
{
    for (const Rollout &rollout : file.rollouts) {
        // The first Rollout without traffic routing ends it, as in the original.
        if (!rollout.hasTrafficRouting())
            return;
        for (Named &ingress : file.ingresses) {
            if (hasRuleFor(ingress.object, ingressService(*rollout.canary)))
                ingress.manager = rollout.name;
        }
    }
}

void manageVirtualServices(File &file)
{
    for (const Rollout &rollout : file.rollouts) {
        if (!rollout.hasTrafficRouting() || !rollout.canary->trafficRouting->hasIstio)
            return;
        const Value istio = settingsOf(rollout, "istio");
        const Value list = istio["virtualServices"];
        for (Named &service : file.virtualServices) {
            bool isNamed = istio.path({"virtualService", "name"}).stringOr() == service.object.name();
            for (const Value &item : list.items())
                isNamed = isNamed || item["name"].stringOr() == service.object.name();
            if (isNamed)
                service.manager = rollout.name;
        }
    }
}

void append(FieldErrors &errors, const FieldErrors &more)
{
    errors.insert(errors.end(), more.begin(), more.end());
}

bool lists(const Value &names, std::string_view name)
{
    for (const Value &item : names.items()) {
        if (item.stringOr() == name)
            return true;
    }
    return false;
}

void checkIngress(const Rollout &rollout, const Object &ingress, FieldErrors &errors)
{
    if (!rollout.hasTrafficRouting())
        return;
    const std::string name(ingress.name());
    const std::string &stable = rollout.canary->stableService;
    const auto check = [&](const char *router, const char *one, const char *many, const std::string &service) {
        const Value settings = settingsOf(rollout, router);
        const bool isListed = lists(settings[many], name);
        if (!settings.isMap() || (!isListed && settings[one].stringOr() != name))
            return false;
        if (!hasRuleFor(ingress, service))
            errors.push_back(invalidField(
                std::string("spec.strategy.canary.trafficRouting.") + router + "." + (isListed ? many : one), name,
                "ingress `" + name + "` has no rules using service " + service + " backend"));
        return true;
    };
    if (check("nginx", "stableIngress", "stableIngresses", stable))
        return;
    const std::string root(settingsOf(rollout, "alb")["rootService"].stringOr());
    check("alb", "ingress", "ingresses", root.empty() ? stable : root);
}

void checkVirtualService(const Rollout &rollout, const Object &service, FieldErrors &errors)
{
    if (!rollout.hasTrafficRouting() || !rollout.canary->trafficRouting->hasIstio) {
        errors.push_back(invalidField("spec.strategy.canary.trafficRouting.istio", rollout.name,
                                      "Rollout object is not configured with Istio traffic routing"));
        return;
    }
    for (const VirtualServiceReference &reference : virtualServicesOf(rollout)) {
        if (reference.name == service.name()) {
            append(errors, virtualServiceErrors(rollout, reference, service));
            return;
        }
    }
}

void checkReferences(const Rollout &rollout, const File &file, FieldErrors &errors)
{
    for (const Named &service : file.services) {
        if (service.manager != rollout.name || service.field.empty())
            continue;
        Service read = readService(service.object);
        // Whose it is follows from the file.
        read.managedBy.reset();
        append(errors, serviceErrors(rollout, read, service.field));
    }
    for (const Named &ingress : file.ingresses) {
        if (ingress.manager == rollout.name)
            checkIngress(rollout, ingress.object, errors);
    }
    for (const Named &service : file.virtualServices) {
        if (service.manager == rollout.name)
            checkVirtualService(rollout, service.object, errors);
    }
}

Expected<Object> typed(const Object &object, const GoType &type)
{
    const Expected<Value> read = strictlyRead(object.value(), type);
    if (!read)
        return failure(ErrorCode::InvalidInput, std::string(kDecoding) + read.error().message());
    return Object(*read);
}

/// Puts \p object where it belongs, if it belongs anywhere.
Expected<void> take(File &file, const Object &object)
{
    if (object.kind().empty())
        return failure(ErrorCode::InvalidInput, std::string(kDecoding) + "Object 'Kind' is missing in '"
                                                    + object::toJson(object.value(), {.escapesHtml = true}) + "'");
    if (object.kind() == "Rollout" && object.group() == kGroup) {
        const Expected<Object> read = typed(object, rolloutType());
        if (!read)
            return std::unexpected(read.error());
        file.rollouts.push_back(readRollout(*read));
    } else if (object.kind() == "Service" && object.group().empty()) {
        const Expected<Object> read = typed(object, builtInType("io.k8s.api.core.v1.Service"));
        if (!read)
            return std::unexpected(read.error());
        file.services.push_back(named(*read));
    } else if (isIngress(object)) {
        const bool isCurrent = object.version() == "v1";
        const Expected<Object> read =
            isCurrent ? typed(object, builtInType("io.k8s.api.networking.v1.Ingress")) : Expected<Object>(object);
        if (!read)
            return std::unexpected(read.error());
        file.ingresses.push_back(named(*read));
    } else if (object.kind() == "VirtualService" && object.group() == "networking.istio.io") {
        file.virtualServices.push_back(named(object));
    }
    return {};
}

} // namespace

Expected<FieldErrors> lint(const std::vector<Object> &objects)
{
    File file;
    for (const Object &object : objects) {
        if (const Expected<void> taken = take(file, object); !taken)
            return std::unexpected(taken.error());
    }
    manageServices(file);
    manageIngresses(file);
    manageVirtualServices(file);
    FieldErrors errors;
    for (const Rollout &rollout : file.rollouts) {
        append(errors, specErrors(rollout));
        checkReferences(rollout, file, errors);
    }
    return errors;
}

Expected<FieldErrors> lintText(std::string_view text)
{
    std::vector<Object> objects;
    for (const std::string_view document : object::splitYamlDocuments(text)) {
        const Expected<Value> value = object::parseYaml(document);
        if (!value)
            return std::unexpected(value.error());
        if (value->isNull())
            continue;
        if (!value->isMap()) {
            const char *const word = value->isList()     ? "array"
                                     : value->isString() ? "string"
                                     : value->isBool()   ? "bool"
                                                         : "number";
            return failure(ErrorCode::InvalidInput, std::string(kDecoding) + "json: cannot unmarshal " + word
                                                        + " into Go value of type map[string]interface {}");
        }
        objects.emplace_back(*value);
    }
    return lint(objects);
}

} // namespace tiphys::rollout
