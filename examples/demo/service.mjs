#!/usr/bin/env node
// The demo's service: answers every request with its pid, so that one sees which process is at work.
import { createServer } from 'node:http';

createServer((_, response) => response.end(`pid ${process.pid}\n`)).listen(
  Number(process.env.DEMO_PORT ?? 8080),
  '127.0.0.1',
);
