using System.Globalization;
using Strake.Images;

namespace Strake.Build;

/// <summary>RUN: a program on the image so far; what it changes is a layer.</summary>
sealed class RunStep(BuildRun run, StageScope scope, StageImage image, BuildStep step) : FileStep(run, scope, image, step)
{
    /// <summary>Carries it out.</summary>
    /// <returns>Whether the result was known.</returns>
    /// <exception cref="StrakeException">Invalid: the program ended with another code than 0, or cannot be started.</exception>
    public async Task<bool> ApplyAsync(RunInstruction instruction, Recorder record)
    {
        if (instruction.Security == RunSecurity.Insecure)
            throw StrakeException.PermissionDenied("RUN --security=insecure: this engine does not let builds do what only the host may");
        var words = WordsOf(instruction);
        var arguments = Scope.Declared.Where(argument => !Predefined.IsProxy(argument.Key)).Select(static argument => $"{argument.Key}={argument.Value}").ToList();
        var mounts = instruction.Mounts.Select(word => RunMount.Parse(word, Scope.Expand)).ToList();
        await using var prepared = new RunMounts(Run, Image, Step);
        using var key = new StepKey("run", Image.Chain);
        key.Add([.. words]).Add([.. Image.Defaults.Env ?? []]).Add(arguments).Add(Image.Defaults.WorkingDir).Add(Image.Defaults.User);
        key.Add(NetworkOf(instruction)).Add([.. Run.Request.ExtraHosts]).Add(Run.Epoch?.ToString("O"));
        foreach (var mount in mounts) key.Add(await prepared.DescribeAsync(mount));
        var complete = key.Complete();
        var (result, isCached) = await SolveAsync(complete, stop => ExecuteAsync(instruction, words, arguments, mounts, prepared, stop));
        record(Image, result, CreatedBy(words), complete);
        return isCached;
    }

    async Task<StepResult> ExecuteAsync(
        RunInstruction instruction, IReadOnlyList<string> words, List<string> arguments, List<RunMount> mounts, RunMounts prepared, CancellationToken stop)
    {
        await prepared.PrepareAsync(mounts, stop);
        var process = new BuildProcess
        {
            Root = Image.Chain,
            Arguments = words,
            Environment = [.. Environment(arguments), .. prepared.Variables],
            SecretVariables = prepared.SecretVariables,
            WorkingDirectory = Image.Defaults.WorkingDir is { Length: > 0 } directory ? directory : "/",
            User = Image.Defaults.User ?? "",
            Network = NetworkOf(instruction),
            Mounts = prepared.Mounts,
            ExtraHosts = Run.Request.ExtraHosts,
            ShmSizeBytes = Run.Request.ShmSizeBytes,
            HostName = Run.Request.HostName,
            CgroupParent = Run.Request.CgroupParent,
            Limits = Run.Request.Limits,
        };
        var stubs = await StubsAsync(process.Mounts, stop);
        FaultPoint.Reach("build.run.before");
        var ended = await Run.Services.Runner.RunAsync(process, (isError, text, cancel) => Run.Progress.WriteAsync(Step, isError, text, cancel), stop);
        try
        {
            FaultPoint.Reach("build.run.ended");
            if (ended.ExitCode != 0) throw Failed(instruction, words, ended.ExitCode);
            await Run.Services.Layers.RemoveEmptyAsync(ended.Layer, stubs, stop);
            var layer = await Run.Services.Layers.SealAsync(ended.Layer, Run.Ingest, Run.Latest, stop);
            FaultPoint.Reach("build.run.committed");
            return ResultOf(layer);
        }
        finally
        {
            await Run.LetGoAsync(ended);
        }
    }

    // What the runtime will make to mount on, the deepest first.
    async Task<IReadOnlyList<ReadOnlyMemory<byte>>> StubsAsync(IReadOnlyList<ProcessMount> mounts, CancellationToken stop)
    {
        if (mounts.Count == 0) return [];
        using var tree = await Run.Scratch.OpenAsync(Image.Chain, stop);
        var stubs = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var target in mounts.Select(mount => SourceLinks.Resolve(tree, BytePath.Clean(BytePath.OfText(mount.Target)))))
            stubs.UnionWith(BytePath.Above(target + "/").Where(path => tree.Find(path) is null));
        return [.. stubs.Reverse().Select(static path => (ReadOnlyMemory<byte>)BytePath.Bytes(path))];
    }

    // The proxies' are there for RUN alone.
    IEnumerable<string> Environment(IEnumerable<string> arguments)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in Run.Request.Arguments)
        {
            if (value is not null && Predefined.IsProxy(name)) all[name] = $"{name}={value}";
        }

        foreach (var variable in (Image.Defaults.Env ?? []).Concat(arguments)) all[variable.Split('=')[0]] = variable;
        if (!all.ContainsKey("PATH")) all["PATH"] = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        return all.Values;
    }

    string? NetworkOf(RunInstruction instruction) => instruction.Network switch
    {
        RunNetwork.None => "none",
        RunNetwork.Host => "host",
        _ => Run.Request.Network is "default" or "" ? null : Run.Request.Network,
    };

    IReadOnlyList<string> WordsOf(RunInstruction instruction)
    {
        if (instruction.Documents.Count == 0) return DefaultsChange.Words(instruction.Command, Image.Defaults);
        if (instruction.Command is not ShellCommand line) throw StrakeException.Invalid("RUN: a here-document needs the shell form");
        var shell = Image.Defaults.Shell is { Count: > 0 } own ? own : DefaultsChange.Shell;
        var only = instruction.Documents[0];
        if (instruction.Documents.Count == 1 && IsOnlyDocument(line.Line, only))
        {
            // A script with a line "#!" of its own is run by what that names.
            return only.Text.StartsWith("#!", StringComparison.Ordinal) ? [.. Interpreter(only.Text), only.Text] : [.. shell, only.Text];
        }

        var whole = line.Line + string.Concat(instruction.Documents.Select(static document => $"\n{document.Content}{document.Name}"));
        return [.. shell, whole];
    }

    static bool IsOnlyDocument(string line, HereDocument document) =>
        line.Trim().TrimStart('<').TrimStart('-').Trim('"', '\'') == document.Name;

    // "#!/usr/bin/env python3 -u" runs the text as if it were a file: sh gives it to the interpreter on a descriptor.
    static IEnumerable<string> Interpreter(string text)
    {
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        var line = (end < 0 ? text : text[..end])[2..].Trim();
        return ["/bin/sh", "-c", $"f=$(mktemp) && printf '%s' \"$0\" >\"$f\" && {line} \"$f\"; c=$?; rm -f \"$f\"; exit $c"];
    }

    string CreatedBy(IReadOnlyList<string> words)
    {
        List<string> told = [.. Scope.Told];
        var before = told.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"|{told.Count} {string.Join(' ', told)} ");
        return $"RUN {before}{string.Join(' ', words)} # strake";
    }

    static StrakeException Failed(RunInstruction instruction, IReadOnlyList<string> words, int code)
    {
        var error = StrakeException.Invalid(string.Create(CultureInfo.InvariantCulture, $"process \"{string.Join(' ', words)}\" did not complete successfully: exit code: {code}"));
        return new DockerfileFault(instruction.Lines) { ExitCode = code, Command = string.Join(' ', words) }.AttachTo(error);
    }
}
