// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/renderer_choice.h"

#include "models/machine_text.h"
#include "models/text.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/labels.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QLabel>

namespace tiphys::ui {

namespace {

bool hasChoice(const std::string &tool)
{
    return tool == "Helm" || tool == "Kustomize";
}

} // namespace

RendererChoice::RendererChoice(service::Service &service, QWidget *parent)
    : QWidget(parent), m_choices(dynamic_cast<service::MachineChoices *>(&service)), m_label(new QLabel(this)),
      m_box(new QComboBox(this)), m_note(new TextLabel(TextLabel::Rank::Secondary, {}, this))
{
    const int u = unit(this);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(u);
    auto *row = new QHBoxLayout;
    row->setSpacing(2 * u);
    row->addWidget(m_label);
    row->addWidget(m_box);
    row->addStretch(1);
    column->addLayout(row);
    m_note->setWordWrap(true);
    column->addWidget(m_note);
    m_label->setBuddy(m_box);
    m_box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    connect(m_box, &QComboBox::activated, this, [this](int index) { choose(index == 1); });
    renew();
}

QString RendererChoice::note() const
{
    return m_note->text();
}

void RendererChoice::show(const std::string &application, const std::string &tool)
{
    if (application != m_application)
        m_use.reset();
    m_application = application;
    m_tool = tool;
    renew();
    ask();
}

void RendererChoice::ask()
{
    const int asked = ++m_asked;
    if (!m_choices || m_application.empty() || !hasChoice(m_tool))
        return;
    service::whenDone(m_choices->toolUse(m_application), this, [this, asked](const Expected<service::ToolUse> &use) {
        if (asked != m_asked)
            return;
        if (use)
            m_use = *use;
        m_problem = use ? QString() : models::sentence(use.error().text());
        renew();
    });
}

void RendererChoice::renew()
{
    // What nobody can choose, and everybody expects, is not said.
    setVisible(m_choices && (hasChoice(m_tool) || m_tool == "Plugin"));
    m_box->setVisible(hasChoice(m_tool));
    m_label->setText(hasChoice(m_tool) ? tr("Rendered &by")
                                       : tr("Rendered by a config management plugin of this machine."));
    m_box->clear();
    m_box->addItem(tr("This program"));
    m_box->setEnabled(false);
    m_note->clear();
    if (m_use && hasChoice(m_tool)) {
        m_box->addItem(models::rendererText(m_tool, *m_use));
        m_box->setCurrentIndex(m_use->areUsed() ? 1 : 0);
        m_box->setEnabled(models::mayChooseRenderer(*m_use, m_application));
        m_note->setText(models::rendererNote(m_tool, *m_use, m_application));
    }
    m_box->setToolTip(m_box->isEnabled() ? QString() : m_use ? m_note->text() : m_problem);
    m_box->setAccessibleDescription(m_use ? m_note->text() : m_problem);
    m_note->setVisible(!m_note->text().isEmpty());
}

void RendererChoice::choose(bool areUsed)
{
    if (!m_use || m_use->areUsed() == areUsed)
        return;
    service::whenDone(m_choices->chooseTools(m_application, areUsed), this,
                      [this, told = tr("%1 is rendered by: %2", "an application and a program")
                                        .arg(models::text(m_application), m_box->currentText())](
                          const Expected<service::Done> &done) {
                          if (done)
                              Q_EMIT noticed(told);
                          else
                              Q_EMIT failed(models::sentence(done.error().text()));
                          ask();
                      });
}

} // namespace tiphys::ui
