// ONNX Runtime, kept from reporting home: since 1.29 its builds for Linux and macOS send usage events unless this is
// set before the first session (read once per process; worker threads read the main thread's environment).

import * as ort from 'onnxruntime-node';

process.env.ORT_DISABLE_TELEMETRY = '1';

export { ort };
