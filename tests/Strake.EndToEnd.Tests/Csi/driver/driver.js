// A CSI driver for the tests, in another language and on another gRPC library than the engine's: directories, file systems in image files, and
// loop devices below one folder. It remembers what it has in state.json, so that it can die and be started again.
//
//   node driver.js --endpoint /path/csi.sock --folder /path --protos /path [--name NAME] [--register /path/plugins_registry]
//
// A file <folder>/orders/<Method> makes the next call of that name do something else:
//   slow <milliseconds>        answer late                 fail <code> <text>     fail, without effect
//   lose <code> <text>         fail, after the effect      die | die-after        end the process, before or after the effect
// With "always " before it the file stays.
//
// A parameter keys=yes makes a volume of which each call has to bring the secret "key" with the call's name in Kubernetes: "provisioner", "node-stage", ...
// Volumes within a pod (csi.storage.k8s.io/ephemeral) are folders with a file "told" that has what the driver was told; "inline" in state.json.
'use strict';
const path = require('path');
const fs = require('fs');
const { execFileSync } = require('child_process');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const given = {};
for (let at = 2; at < process.argv.length; at += 2) given[process.argv[at].slice(2)] = process.argv[at + 1];
const { endpoint, folder, protos, register } = given;
const name = given.name || 'folders.csi.example';
const nodeId = 'this-node';
const stateFile = path.join(folder, 'state.json');
fs.mkdirSync(path.join(folder, 'orders'), { recursive: true });

const state = fs.existsSync(stateFile) ? JSON.parse(fs.readFileSync(stateFile)) : { next: 1, volumes: {}, snapshots: {}, inline: {} };
state.inline ||= {};
function save() {
  fs.writeFileSync(stateFile + '.new', JSON.stringify(state, null, 1));
  fs.renameSync(stateFile + '.new', stateFile);
}

function refuse(code, text) {
  const error = new Error(text);
  error.code = code;
  error.details = text;
  return error;
}

const run = (program, ...args) => execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
const contentOf = (id) => path.join(folder, 'content', id);
const volumeOf = (id) => state.volumes[id] || (() => { throw refuse(grpc.status.NOT_FOUND, `there is no volume ${id}`); })();
const isMounted = (target) => fs.readFileSync('/proc/self/mountinfo', 'utf8').split('\n').some((line) => line.split(' ')[4] === target);
const loopOf = (file) => run('losetup', '-j', file, '-n', '-O', 'NAME').split('\n')[0].trim();

function requireKey(id, r, expected) {
  const volume = state.volumes[id];
  const key = (r.secrets || {}).key;
  if (volume && volume.keys && key !== expected) throw refuse(grpc.status.UNAUTHENTICATED, `the key of ${id} is ${key} where ${expected} is due`);
}

function make(id, volume) {
  fs.mkdirSync(path.join(folder, 'content'), { recursive: true });
  const content = contentOf(id);
  if (volume.kind === 'folder') {
    fs.mkdirSync(content, { recursive: true });
    return;
  }
  fs.closeSync(fs.openSync(content, 'a'));
  fs.truncateSync(content, volume.bytes);
  if (volume.kind === 'image') run('mkfs.ext4', '-q', '-F', content);
}

const copy = (from, to) => run('cp', '-a', '--reflink=auto', '-T', from, to);

function unmount(target) {
  while (isMounted(target)) run('umount', target);
}

const all = {
  Identity: {
    GetPluginInfo: () => ({ name, vendor_version: '1.0' }),
    GetPluginCapabilities: () => ({ capabilities: [{ service: { type: 'CONTROLLER_SERVICE' } }, { volume_expansion: { type: 'ONLINE' } }] }),
    Probe: () => ({ ready: { value: true } }),
  },
  Controller: {
    ControllerGetCapabilities: () => ({
      capabilities: ['CREATE_DELETE_VOLUME', 'PUBLISH_UNPUBLISH_VOLUME', 'LIST_VOLUMES', 'GET_CAPACITY', 'CREATE_DELETE_SNAPSHOT', 'CLONE_VOLUME', 'EXPAND_VOLUME',
        'SINGLE_NODE_MULTI_WRITER'].map((type) => ({ rpc: { type } })),
    }),
    CreateVolume: (r) => {
      let id = Object.keys(state.volumes).find((known) => state.volumes[known].name === r.name);
      if (!id) {
        const isBlock = r.volume_capabilities.some((one) => one.access_type === 'block');
        const bytes = Number((r.capacity_range || {}).required_bytes || 0) || 64 << 20;
        if (bytes > 1e12) throw refuse(grpc.status.OUT_OF_RANGE, `${bytes} bytes are more than there are`);
        if (r.parameters.password && r.secrets.password !== r.parameters.password) throw refuse(grpc.status.UNAUTHENTICATED, `the password ${r.secrets.password} is wrong`);
        id = `v${state.next++}`;
        const volume = { name: r.name, bytes, kind: isBlock ? 'block' : r.parameters.kind || 'folder', attached: [] };
        const source = r.volume_content_source && (r.volume_content_source.snapshot ? r.volume_content_source.snapshot.snapshot_id : r.volume_content_source.volume.volume_id);
        if (r.parameters.keys && r.secrets.key !== 'provisioner') throw refuse(grpc.status.UNAUTHENTICATED, `the key is ${r.secrets.key} where provisioner is due`);
        if (r.parameters.keys) volume.keys = true;
        if (source) copy(contentOf(source), contentOf(id));
        else make(id, volume);
        state.volumes[id] = volume;
        save();
      }
      return { volume: { volume_id: id, capacity_bytes: state.volumes[id].bytes, volume_context: { kind: state.volumes[id].kind }, content_source: r.volume_content_source } };
    },
    DeleteVolume: (r) => {
      const volume = state.volumes[r.volume_id];
      requireKey(r.volume_id, r, 'provisioner');
      if (volume && volume.attached.length) throw refuse(grpc.status.FAILED_PRECONDITION, `${r.volume_id} is attached`);
      delete state.volumes[r.volume_id];
      save();
      fs.rmSync(contentOf(r.volume_id), { recursive: true, force: true });
      return {};
    },
    ControllerPublishVolume: (r) => {
      if (r.node_id !== nodeId) throw refuse(grpc.status.NOT_FOUND, `there is no node ${r.node_id}`);
      requireKey(r.volume_id, r, 'controller-publish');
      volumeOf(r.volume_id).attached = [r.node_id];
      save();
      return { publish_context: { attached: 'yes' } };
    },
    ControllerUnpublishVolume: (r) => {
      if (state.volumes[r.volume_id]) state.volumes[r.volume_id].attached = [];
      save();
      return {};
    },
    ValidateVolumeCapabilities: (r) => (volumeOf(r.volume_id), { confirmed: { volume_capabilities: r.volume_capabilities } }),
    ListVolumes: (r) => {
      const ids = Object.keys(state.volumes);
      const start = Number(r.starting_token || 0);
      const end = Math.min(ids.length, start + (r.max_entries || 3));
      return { entries: ids.slice(start, end).map((id) => ({ volume: { volume_id: id, capacity_bytes: state.volumes[id].bytes } })), next_token: end < ids.length ? `${end}` : '' };
    },
    GetCapacity: () => ({ available_capacity: 1e12 }),
    CreateSnapshot: (r) => {
      let id = Object.keys(state.snapshots).find((known) => state.snapshots[known].name === r.name);
      if (!id) {
        volumeOf(r.source_volume_id);
        requireKey(r.source_volume_id, r, 'snapshotter');
        id = `s${state.next++}`;
        run('sync');
        copy(contentOf(r.source_volume_id), contentOf(id));
        state.snapshots[id] = { name: r.name, source: r.source_volume_id };
        save();
      }
      return { snapshot: { snapshot_id: id, source_volume_id: state.snapshots[id].source, ready_to_use: true, creation_time: { seconds: 1 } } };
    },
    DeleteSnapshot: (r) => {
      if (state.snapshots[r.snapshot_id]) requireKey(state.snapshots[r.snapshot_id].source, r, 'snapshotter');
      delete state.snapshots[r.snapshot_id];
      save();
      fs.rmSync(contentOf(r.snapshot_id), { recursive: true, force: true });
      return {};
    },
    ControllerExpandVolume: (r) => {
      const volume = volumeOf(r.volume_id);
      requireKey(r.volume_id, r, 'controller-expand');
      volume.bytes = Math.max(volume.bytes, Number(r.capacity_range.required_bytes));
      if (volume.kind !== 'folder') fs.truncateSync(contentOf(r.volume_id), volume.bytes);
      save();
      return { capacity_bytes: volume.bytes, node_expansion_required: volume.kind !== 'folder' };
    },
  },
  Node: {
    NodeGetCapabilities: () => ({ capabilities: ['STAGE_UNSTAGE_VOLUME', 'GET_VOLUME_STATS', 'EXPAND_VOLUME', 'SINGLE_NODE_MULTI_WRITER'].map((type) => ({ rpc: { type } })) }),
    NodeGetInfo: () => ({ node_id: nodeId }),
    NodeStageVolume: (r) => {
      const volume = volumeOf(r.volume_id);
      requireKey(r.volume_id, r, 'node-stage');
      if (!volume.attached.includes(nodeId) || r.publish_context.attached !== 'yes') throw refuse(grpc.status.FAILED_PRECONDITION, `${r.volume_id} is not attached`);
      const content = contentOf(r.volume_id);
      if (volume.kind === 'block') {
        if (!loopOf(content)) run('losetup', '-f', content);
      } else if (!isMounted(r.staging_target_path)) {
        run('mount', ...(volume.kind === 'folder' ? ['--bind'] : ['-o', 'loop']), content, r.staging_target_path);
      }
      return {};
    },
    NodeUnstageVolume: (r) => {
      unmount(r.staging_target_path);
      const content = contentOf(r.volume_id);
      if (state.volumes[r.volume_id] && state.volumes[r.volume_id].kind === 'block' && loopOf(content)) run('losetup', '-d', loopOf(content));
      return {};
    },
    NodePublishVolume: (r) => {
      if (r.volume_context['csi.storage.k8s.io/ephemeral'] === 'true') {
        if (r.staging_target_path) throw refuse(grpc.status.INVALID_ARGUMENT, 'a volume within a pod is not staged');
        fs.mkdirSync(contentOf(r.volume_id), { recursive: true });
        fs.writeFileSync(path.join(contentOf(r.volume_id), 'told'), JSON.stringify({ context: r.volume_context, secrets: r.secrets, readonly: r.readonly }));
        state.inline[r.volume_id] = r.target_path;
        save();
        fs.mkdirSync(r.target_path, { recursive: true });
        if (!isMounted(r.target_path)) run('mount', '--bind', ...(r.readonly ? ['-o', 'ro'] : []), contentOf(r.volume_id), r.target_path);
        return {};
      }
      const volume = volumeOf(r.volume_id);
      requireKey(r.volume_id, r, 'node-publish');
      if (isMounted(r.target_path)) return {};
      if (volume.kind === 'block') {
        fs.closeSync(fs.openSync(r.target_path, 'a'));
        run('mount', '--bind', loopOf(contentOf(r.volume_id)), r.target_path);
        return {};
      }
      if (!isMounted(r.staging_target_path)) throw refuse(grpc.status.FAILED_PRECONDITION, `${r.volume_id} is not staged`);
      fs.mkdirSync(r.target_path, { recursive: true });
      run('mount', '--bind', ...(r.readonly ? ['-o', 'ro'] : []), r.staging_target_path, r.target_path);
      return {};
    },
    NodeUnpublishVolume: (r) => {
      unmount(r.target_path);
      if (state.inline[r.volume_id]) {
        fs.rmSync(contentOf(r.volume_id), { recursive: true, force: true });
        delete state.inline[r.volume_id];
        save();
      }
      if (fs.existsSync(r.target_path)) fs.statSync(r.target_path).isDirectory() ? fs.rmdirSync(r.target_path) : fs.unlinkSync(r.target_path);
      return {};
    },
    NodeExpandVolume: (r) => {
      const volume = volumeOf(r.volume_id);
      requireKey(r.volume_id, r, 'node-expand');
      const content = contentOf(r.volume_id);
      if (volume.kind !== 'folder' && loopOf(content)) run('losetup', '-c', loopOf(content));
      if (volume.kind === 'image') run('resize2fs', loopOf(content));
      return { capacity_bytes: volume.bytes };
    },
    NodeGetVolumeStats: (r) => {
      const volume = volumeOf(r.volume_id);
      if (volume.kind === 'block') return { usage: [{ unit: 'BYTES', total: volume.bytes }] };
      const at = fs.statfsSync(r.volume_path);
      return volume.kind === 'folder'
        ? { usage: [{ unit: 'BYTES', total: volume.bytes, used: Number(run('du', '-sb', contentOf(r.volume_id)).split('\t')[0]) }] }
        : { usage: [{ unit: 'BYTES', total: at.blocks * at.bsize, used: (at.blocks - at.bfree) * at.bsize, available: at.bavail * at.bsize },
          { unit: 'INODES', total: at.files, used: at.files - at.ffree, available: at.ffree }] };
    },
  },
};

function orderFor(method) {
  const file = path.join(folder, 'orders', method);
  if (!fs.existsSync(file)) return [];
  const words = fs.readFileSync(file, 'utf8').trim().split(' ');
  if (words[0] === 'always') return words.slice(1);
  fs.unlinkSync(file);
  return words;
}

async function answer(method, body, call, done) {
  fs.appendFileSync(path.join(folder, 'calls'), `${method}\n`);
  const begun = process.hrtime.bigint();
  const [what, code, ...text] = orderFor(method);
  try {
    if (what === 'slow') await new Promise((resolve) => setTimeout(resolve, Number(code)));
    if (what === 'fail') throw refuse(grpc.status[code], text.join(' '));
    if (what === 'die') process.kill(process.pid, 'SIGKILL');
    const response = body(call.request);
    if (what === 'die-after') process.kill(process.pid, 'SIGKILL');
    if (what === 'lose') throw refuse(grpc.status[code], text.join(' '));
    // What was the driver's own of the time, in microseconds.
    fs.appendFileSync(path.join(folder, 'times'), `${method} ${(process.hrtime.bigint() - begun) / 1000n}\n`);
    done(null, response);
  } catch (error) {
    done(error.code in grpc.status || Number.isInteger(error.code) ? error : refuse(grpc.status.INTERNAL, `${error.message} ${error.stderr || ''}`));
  }
}

function serve(socket, file, namespace, services, ready) {
  const definition = loader.loadSync(path.join(protos, file), { keepCase: true, longs: String, enums: String, defaults: true, oneofs: true, includeDirs: [protos] });
  const loaded = namespace.reduce((at, part) => at[part], grpc.loadPackageDefinition(definition));
  const server = new grpc.Server();
  for (const [service, methods] of Object.entries(services)) {
    const handlers = {};
    for (const [method, body] of Object.entries(methods)) handlers[method] = (call, done) => answer(method, body, call, done);
    server.addService(loaded[service].service, handlers);
  }
  fs.rmSync(socket, { force: true });
  server.bindAsync(`unix://${socket}`, grpc.ServerCredentials.createInsecure(), (error) => {
    if (error) throw error;
    ready();
  });
  process.on('SIGTERM', () => { fs.rmSync(socket, { force: true }); });
}

process.on('SIGTERM', () => setImmediate(() => process.exit(0)));
serve(endpoint, 'csi.proto', ['csi', 'v1'], all, () => {
  if (register) {
    fs.mkdirSync(register, { recursive: true });
    serve(path.join(register, `${name}-reg.sock`), 'registration.proto', ['pluginregistration'], {
      Registration: {
        GetInfo: () => ({ type: 'CSIPlugin', name, endpoint, supported_versions: ['1.0.0'] }),
        NotifyRegistrationStatus: (r) => {
          fs.writeFileSync(path.join(folder, 'registered'), r.plugin_registered ? 'yes' : r.error);
          return {};
        },
      },
    }, () => {});
  }
});
