using Strake.Images;
using Strake.Images.Tar;
using Strake.Linux;

namespace Strake.Build;

/// <summary>WORKDIR: a directory that is made where it is missing.</summary>
sealed class WorkdirStep(BuildRun run, StageScope scope, StageImage image, BuildStep step) : FileStep(run, scope, image, step)
{
    /// <summary>Carries it out.</summary>
    /// <returns>Whether the result was known.</returns>
    public async Task<bool> ApplyAsync(WorkdirInstruction instruction, Recorder record)
    {
        var path = DefaultsChange.Absolute(Image.Defaults, Scope.Expand(instruction.Path));
        var changed = Image with { Defaults = Image.Defaults with { WorkingDir = path } };
        var user = Image.Defaults.User ?? "";
        using var key = new StepKey("workdir", Image.Chain);
        var complete = key.Add(path).Add(user).Add(Run.Epoch?.ToString("O")).Complete();
        var (result, isCached) = await SolveAsync(complete, stop => MakeAsync(path[1..], user, stop));
        record(changed, result, "WORKDIR " + path, complete);
        return isCached;
    }

    async Task<StepResult> MakeAsync(string path, string user, CancellationToken stop)
    {
        using var tree = await Run.Scratch.OpenAsync(Image.Chain, stop);
        var owner = user.Length > 0 && path.Length > 0 ? await OwnerLookup.FindAsync(user, tree, stop) : new FileOwner(0, 0);
        var place = SourceLinks.Resolve(tree, path);
        List<CopyItem> missing = [];
        foreach (var directory in BytePath.Above(place + "/").Where(static directory => directory.Length > 0))
        {
            if (tree.Find(directory) is { } there)
            {
                if (!there.IsDirectory) throw StrakeException.Invalid($"WORKDIR /{BytePath.Show(path)}: /{BytePath.Show(directory)} is no directory");
                continue;
            }

            var entry = new TarEntry
            {
                Name = BytePath.Bytes(directory + "/"), Type = TarEntryType.Directory, Mode = Permissions.Octal0755, Uid = owner.Uid, Gid = owner.Gid,
                ModifiedTime = new TarTime(Run.Now.ToUnixTimeSeconds()),
            };
            missing.Add(new CopyItem(directory, entry));
        }

        if (missing.Count == 0) return ResultOf(null);
        return await AddAsync((target, cancel) => CopyTar.WriteAsync(new CopyPlan(missing, []), target, cancel), stop);
    }
}
