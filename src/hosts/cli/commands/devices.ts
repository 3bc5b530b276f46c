// flawsmith devices

import type { Command } from '../command.ts';

export const devices: Command = {
  name: 'devices',
  summary: 'Show what can compute on this PC, and what is used',
  options: {},
  examples: ['devices', 'devices --json'],
  async run(_args, { client, signal }) {
    const result = await client.devices.list({}, { signal });
    const lines = result.devices.map((device) => {
      const threads = device.threads === null ? '' : `, ${device.threads} threads`;
      return `${device.chosen ? '*' : ' '} ${device.id}  ${device.name}${threads}${device.note ? `  ${device.note}` : ''}`;
    });
    return { result, lines: [...lines, result.runtimeVersion] };
  },
};
