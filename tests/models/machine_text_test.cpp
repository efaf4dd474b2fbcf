// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/machine_text.h"
#include "support/recorded_service.h"

#include <QTest>

using namespace tiphys;
using namespace Qt::StringLiterals;
using service::ContextOrigin;
using service::DestinationContext;
using service::ToolChoices;
using service::ToolProgram;

class MachineTextTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void destinationsHaveNameAndAddress()
    {
        DestinationContext destination;
        destination.server = "https://10.0.0.1";
        QCOMPARE(models::destinationTitle(destination), u"https://10.0.0.1"_s);
        destination.names = {"https://10.0.0.1"};
        QCOMPARE(models::destinationTitle(destination), u"https://10.0.0.1"_s);
        destination.names = {"prod-eu", "eu"};
        QCOMPARE(models::destinationTitle(destination), u"prod-eu, eu (https://10.0.0.1)"_s);
        destination.server.clear();
        destination.names = {"prod-us"};
        QCOMPARE(models::destinationTitle(destination), u"prod-us"_s);
    }

    void whatReachesADestinationIsTold()
    {
        service::ClustersSnapshot clusters;
        clusters.clusters = {test::liveCluster("prod", 1), test::liveCluster("admin", 0)};
        DestinationContext destination;
        destination.server = "https://10.0.0.1";
        QCOMPARE(models::destinationText(destination, clusters),
                 u"no application at hand · No ticked context has this address."_s);
        destination.contexts = {"prod"};
        destination.origin = ContextOrigin::SameAddress;
        QCOMPARE(models::destinationText(destination, clusters),
                 u"no application at hand · Reached by prod, which has this address."_s);
        destination.chosen = "admin";
        QCOMPARE(
            models::destinationText(destination, clusters),
            u"no application at hand · admin was chosen, but it is not ticked. Reached by prod, which has this address."_s);
        destination.chosen = "gone";
        QCOMPARE(
            models::destinationText(destination, clusters),
            u"no application at hand · gone was chosen, but the kubeconfig has no such context. Reached by prod, which has this address."_s);
        destination.chosen = "prod";
        destination.origin = ContextOrigin::Chosen;
        destination.applicationCount = 3;
        const QString chosen = models::destinationText(destination, clusters);
        QVERIFY2(chosen.startsWith(u"3 application"_s) && chosen.endsWith(u" · Reached by prod, which was chosen."_s),
                 qPrintable(chosen));
    }

    void whatHasNoAddressHasAReason()
    {
        DestinationContext destination;
        destination.names = {"prod-us"};
        destination.problem = "no cluster of this name is registered at 'hub'";
        QVERIFY(
            models::destinationText(destination, {}).endsWith(u" · No cluster of this name is registered at 'hub'."_s));
    }

    void programsHaveVersionAndPath()
    {
        QCOMPARE(models::programText({"helm", "/usr/bin/helm", "v4.2.4", ""}), u"helm v4.2.4 · /usr/bin/helm"_s);
        QCOMPARE(models::programText({"helm", "/usr/bin/helm", "", "helm: broken"}),
                 u"helm · /usr/bin/helm: helm: broken"_s);
        QCOMPARE(models::programText({"helm", "", "", "no program 'helm' in PATH"}),
                 u"helm: no program 'helm' in PATH"_s);
    }

    void pluginsHaveFileOrProblem()
    {
        QCOMPARE(models::pluginText({"avp-1.0", "/avp.yaml", "", ""}), u"avp-1.0 · /avp.yaml"_s);
        QCOMPARE(models::pluginText({"avp", "/avp.yaml", "", "plugin 'avp' (/avp.yaml) is not allowed to run"}),
                 u"Plugin 'avp' (/avp.yaml) is not allowed to run."_s);
    }

    void allApplicationsAreAChoiceOfTheirOwn()
    {
        ToolChoices choices;
        choices.names = {"shop", "*", "shop", "legacy-*"};
        QVERIFY(models::areForAll(choices));
        QCOMPARE(models::chosenNames(choices), (QStringList{u"shop"_s, u"legacy-*"_s}));
        choices.names = {"shop"};
        QVERIFY(!models::areForAll(choices));
        choices.areForced = true;
        QVERIFY(models::areForAll(choices));
    }

    void theRendererOfAnApplicationIsNamedAndExplained()
    {
        service::ToolUse use;
        use.programs = {{"helm", "/usr/bin/helm", "v4.2.4", ""},
                        {"kustomize", "", "", "no program 'kustomize' in PATH"}};
        QCOMPARE(models::rendererText("Helm", use), u"helm v4.2.4 of this machine"_s);
        QCOMPARE(models::rendererText("Kustomize", use), u"kustomize of this machine"_s);
        QVERIFY(models::mayChooseRenderer(use, "shop"));
        QCOMPARE(models::rendererNote("Kustomize", use, "shop"), QString());

        use.chosenBy = {"shop"};
        QVERIFY(models::mayChooseRenderer(use, "shop"));
        QVERIFY(models::rendererNote("Helm", use, "shop").startsWith(u"Every application called shop"_s));
        QVERIFY2(models::rendererNote("Kustomize", use, "shop").startsWith(u"No program 'kustomize' in PATH. Every"_s),
                 qPrintable(models::rendererNote("Kustomize", use, "shop")));

        use.chosenBy = {"shop", "sh*"};
        QVERIFY(!models::mayChooseRenderer(use, "shop"));
        QCOMPARE(models::rendererNote("Helm", use, "shop"),
                 u"The settings choose the programs of this machine for sh*."_s);
        use.chosenBy = {"*"};
        QCOMPARE(models::rendererNote("Helm", use, "shop"),
                 u"The settings choose the programs of this machine for all applications."_s);
        use.chosenBy.clear();
        use.areForced = true;
        QVERIFY(!models::mayChooseRenderer(use, "shop"));
        QVERIFY(models::rendererNote("Helm", use, "shop").startsWith(u"TIPHYS_RENDER_TOOLS"_s));
        use.areForced = false;
        use.problem = "/tools.yaml: it must hold 'use'";
        QVERIFY(!models::mayChooseRenderer(use, "shop"));
        QCOMPARE(models::rendererNote("Helm", use, "shop"), u"/tools.yaml: it must hold 'use'."_s);
    }

    void aChosenProgramThatIsMissingIsAWarning()
    {
        ToolChoices choices;
        choices.programs = {{"helm", "/usr/bin/helm", "v4.2.4", ""},
                            {"kustomize", "", "", "no program 'kustomize' in PATH"}};
        QCOMPARE(models::toolWarning(choices), QString());
        choices.names = {"shop"};
        QCOMPARE(models::toolWarning(choices),
                 u"kustomize cannot be run: what was chosen and needs it is not rendered."_s);
        choices.programs.pop_back();
        QCOMPARE(models::toolWarning(choices), QString());
    }
};

QTEST_GUILESS_MAIN(MachineTextTest)
#include "machine_text_test.moc"
