using Strake.Images;
using Strake.Layers;
using Strake.Linux;

namespace Strake.Build;

/// <summary>What <c>RUN --mount</c> asks for, made ready; taken away when the program has ended.</summary>
sealed class RunMounts(BuildRun run, StageImage image, BuildStep step) : IAsyncDisposable
{
    readonly Stack<Func<ValueTask>> undo = [];
    readonly List<ProcessMount> mounts = [];
    readonly List<string> variables = [];
    readonly List<string> secrets = [];

    /// <summary>What the program sees.</summary>
    public IReadOnlyList<ProcessMount> Mounts => mounts;

    /// <summary>Variables that name what is mounted.</summary>
    public IReadOnlyList<string> Variables => variables;

    /// <summary>Variables with secrets.</summary>
    public IReadOnlyList<string> SecretVariables => secrets;

    /// <summary>What of a mount decides about the result: of files their content, of caches and secrets only that they are there.</summary>
    public async Task<string> DescribeAsync(RunMount mount) => mount switch
    {
        BindMount bind => $"bind {Target(bind)} {bind.IsReadOnly} {await DigestOfAsync(bind)}",
        CacheMount cache => $"cache {Target(cache)} {cache.Id}",
        SecretMount secret => $"secret {secret.Target} {secret.Id} {secret.Variable}",
        SshMount ssh => $"ssh {ssh.Target} {ssh.Id}",
        _ => $"tmpfs {Target(mount)}",
    };

    /// <summary>Makes all of them ready.</summary>
    public async Task PrepareAsync(IReadOnlyList<RunMount> wanted, CancellationToken stop)
    {
        var agents = 0;
        foreach (var mount in wanted)
        {
            switch (mount)
            {
                case BindMount bind:
                    await BindAsync(bind, stop);
                    break;
                case CacheMount cache:
                    await CacheAsync(cache, stop);
                    break;
                case TmpfsMount tmpfs:
                    mounts.Add(new ProcessMount(null, Target(tmpfs), IsReadOnly: false, tmpfs.SizeBytes));
                    break;
                case SecretMount secret:
                    await SecretAsync(secret, stop);
                    break;
                case SshMount ssh:
                    await AgentAsync(ssh, agents++, stop);
                    break;
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        while (undo.TryPop(out var one)) await one();
    }

    async Task<string> DigestOfAsync(BindMount bind)
    {
        var tree = await run.FilesAsync(Source(bind.From), step);
        var selection = CopySelection.Of(tree, new CopyRequest { Sources = [BytePath.OfText(bind.Source)], Destination = "" });
        return (await SelectionDigest.OfAsync(selection, run.Stop)).Hex;
    }

    async Task BindAsync(BindMount bind, CancellationToken stop)
    {
        var (chain, path) = await FilesAsync(bind.From, bind.Source, stop);
        string root;
        if (bind.IsReadOnly)
        {
            root = chain is { } known ? Keep(await run.Scratch.MountAsync(known, stop)).Target : run.Scratch.NewFolder();
        }
        else
        {
            var layer = await run.Services.Layers.CreateWritableAsync(chain, $"build-mount/{Guid.NewGuid():N}", sizeLimitBytes: null, stop);
            undo.Push(async () => await run.Services.Layers.RemoveWritableAsync(layer.Id, Durability.Eventual));
            root = Keep(run.Scratch.Mount(layer)).Target;
        }

        mounts.Add(new ProcessMount(Path.Combine(root, path), Target(bind), bind.IsReadOnly));
    }

    async Task CacheAsync(CacheMount cache, CancellationToken stop)
    {
        Func<string, Task>? fill = cache.From.Length > 0 ? target => FillAsync(target, cache, stop) : null;
        var lease = await run.Services.CacheMounts.TakeAsync(cache with { Target = Target(cache), Id = IdOf(cache) }, fill, stop);
        undo.Push(() =>
        {
            lease.Dispose();
            return ValueTask.CompletedTask;
        });
        mounts.Add(new ProcessMount(lease.Path, Target(cache), cache.IsReadOnly));
    }

    async Task FillAsync(string target, CacheMount cache, CancellationToken stop)
    {
        var (chain, path) = await FilesAsync(cache.From, cache.Source, stop);
        if (chain is not { } known) return;
        using var mount = await run.Scratch.MountAsync(known, stop);
        using var source = Syscall.Open(Path.Combine(mount.Target, path), OpenFlags.Directory);
        using var destination = Syscall.Open(target, OpenFlags.Directory);
        TreeCopy.Copy(source, destination, stop);
    }

    async Task SecretAsync(SecretMount secret, CancellationToken stop)
    {
        var bytes = run.Secrets is null ? null : await run.Secrets.FindSecretAsync(secret.Id, stop);
        if (bytes is null)
        {
            if (secret.IsRequired) throw StrakeException.Invalid($"secret {secret.Id}: not found");
            return;
        }

        if (secret.Variable is { } name) secrets.Add($"{name}={System.Text.Encoding.UTF8.GetString(bytes)}");
        if (secret.Target.Length == 0) return;
        var path = Path.Combine(run.Scratch.NewFolder(), "secret");
        await using (var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = Permissions.Octal0600 }))
            await file.WriteAsync(bytes, stop);
        Own(path, secret.Ownership);
        undo.Push(() =>
        {
            File.Delete(path);
            return ValueTask.CompletedTask;
        });
        mounts.Add(new ProcessMount(path, Absolute(secret.Target), IsReadOnly: true));
    }

    async Task AgentAsync(SshMount ssh, int number, CancellationToken stop)
    {
        var socket = run.Secrets is null ? null : await run.Secrets.FindAgentAsync(ssh.Id, stop);
        if (socket is null)
        {
            if (ssh.IsRequired) throw StrakeException.Invalid($"unset ssh forward key {ssh.Id}");
            return;
        }

        Own(socket, ssh.Ownership);
        var target = ssh.Target.Length > 0 ? Absolute(ssh.Target) : $"/run/buildkit/ssh_agent.{number}";
        if (variables.TrueForAll(static variable => !variable.StartsWith("SSH_AUTH_SOCK=", StringComparison.Ordinal))) variables.Add("SSH_AUTH_SOCK=" + target);
        mounts.Add(new ProcessMount(socket, target, IsReadOnly: false));
    }

    // Files of the context become a layer first: a directory that can be mounted, and is made once.
    async Task<(ChainId? Chain, string Path)> FilesAsync(string from, string source, CancellationToken stop)
    {
        var tree = await run.FilesAsync(Source(from), step);
        var path = SourceLinks.Resolve(tree, BytePath.Clean(BytePath.OfText(source)));
        var file = tree.Find(path) ?? throw CopySelection.Missing(path);
        if (Source(from) is { } name && !run.IsContext(name)) return ((await run.SourceAsync(name)).Chain, System.Text.Encoding.UTF8.GetString(BytePath.Bytes(path)));
        var inside = file.IsDirectory ? "" : "file";
        return ((await ContextLayer.MakeAsync(run, tree, path, inside, stop))?.Chain, inside);
    }

    LayerMount Keep(LayerMount mount)
    {
        undo.Push(() =>
        {
            mount.Dispose();
            return ValueTask.CompletedTask;
        });
        return mount;
    }

    static void Own(string path, MountOwnership ownership)
    {
        File.SetUnixFileMode(path, (UnixFileMode)ownership.Mode);
        Syscall.ChownAt(Syscall.WorkingDirectory, PathBytes.Encode(path), ownership.Uid, ownership.Gid);
    }

    string IdOf(CacheMount cache) => run.Request.CacheMountNamespace is { Length: > 0 } space ? $"{space}/{(cache.Id.Length > 0 ? cache.Id : Target(cache))}" : cache.Id;

    string Target(RunMount mount) => mount.Target.Length > 0
        ? Absolute(mount.Target)
        : throw StrakeException.Invalid($"{step.Name}: a mount needs a target");

    string Absolute(string path) => DefaultsChange.Absolute(image.Defaults, path);

    static string? Source(string from) => from.Length == 0 ? null : from;
}
