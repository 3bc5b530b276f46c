// The tools, and what the chosen one can be set to.

import { TOOL_NAMES, type ToolName } from '../../canvas/index.ts';
import { useTexts } from '../../texts/index.ts';
import { Checkbox, IconButton, Slider } from '../../ui/index.ts';
import { TOOL_ICONS } from './tool-icons.ts';
import { TOOL_KEYS } from './use-label-keys.ts';
import type { WorkState } from './work-state.ts';

export interface ToolBarProps {
  work: WorkState;
  change(next: Partial<WorkState>): void;
}

export function ToolBar({ work, change }: ToolBarProps) {
  const t = useTexts('label');
  return (
    <div className="label-tools" role="toolbar" aria-label={t.toolBar}>
      {TOOL_NAMES.map((tool) => (
        <IconButton
          key={tool}
          icon={TOOL_ICONS[tool]}
          label={`${t.tools[tool]} (${TOOL_KEYS[tool]})`}
          look="quiet"
          aria-pressed={work.tool === tool}
          onClick={() => change({ tool })}
        />
      ))}
      <div className="label-tool-settings">
        <ToolSettings tool={work.tool} work={work} change={change} />
      </div>
    </div>
  );
}

function ToolSettings({ tool, work, change }: ToolBarProps & { tool: ToolName }) {
  const t = useTexts('label');
  if (tool === 'brush' || tool === 'eraser') {
    return (
      <>
        <Slider
          label={t.size}
          value={Math.round(100 * Math.log2(work.size))}
          min={0}
          max={925}
          show={() => t.pixels(work.size)}
          onValue={(value) => change({ size: Math.max(1, Math.round(2 ** (value / 100))) })}
        />
        <Checkbox
          label={t.pressure}
          checked={work.usePressure}
          onValue={(usePressure) => change({ usePressure })}
        />
      </>
    );
  }
  if (tool === 'wand') {
    return (
      <>
        <Slider
          label={t.tolerance}
          value={work.tolerance}
          min={0}
          max={128}
          onValue={(tolerance) => change({ tolerance })}
        />
        <span className="small soft">{t.hints.wand}</span>
      </>
    );
  }
  if (tool === 'snap') {
    return (
      <>
        <Slider
          label={t.reach}
          value={work.reach}
          min={1}
          max={40}
          show={t.pixels}
          onValue={(reach) => change({ reach })}
        />
        <span className="small soft">{t.hints.snap}</span>
      </>
    );
  }
  return <span className="small soft">{t.hints[tool]}</span>;
}
