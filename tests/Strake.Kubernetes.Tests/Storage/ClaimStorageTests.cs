using Strake.Kubernetes.Controllers;
using Strake.Kubernetes.Decisions.Provisioning;
using Strake.Kubernetes.Pods;
using Strake.Kubernetes.Records;
using Strake.Volumes;
using static Strake.Kubernetes.Tests.Storage.StorageFixture;
using VolumeUse = Strake.Kubernetes.Pods.VolumeUse;

namespace Strake.Kubernetes.Tests.Storage;

public sealed class ClaimStorageTests
{
    [Fact]
    public async Task A_claim_is_a_volume_under_a_name_that_tells_whose()
    {
        await using StorageFixture fixture = await OpenAsync();
        MadeStorage made = await fixture.Storage.MakeAsync(Plan(Claim()), Cancel);
        Volume volume = Assert.Single(await fixture.Volumes.ListAsync(Cancel));
        Assert.Equal(("default.data", "default.data"), (volume.Name, made.Handle));
        Assert.Equal("data", volume.Labels["csi.storage.k8s.io/pvc/name"]);
        Assert.Equal("default", volume.Labels["csi.storage.k8s.io/pvc/namespace"]);
        Assert.Equal(Given.Size("64Mi"), made.Size);
    }

    [Fact]
    public async Task Made_again_it_is_the_same_also_after_a_restart()
    {
        await using StorageFixture fixture = await OpenAsync();
        MadeStorage first = await fixture.Storage.MakeAsync(Plan(Claim()), Cancel);
        await fixture.ReopenAsync();
        MadeStorage second = await fixture.Storage.MakeAsync(Plan(Claim()), Cancel);
        Assert.Equal(first, second);
        Assert.Single(await fixture.NamesAsync());
    }

    [Fact]
    public async Task A_name_that_is_taken_gets_the_claims_identity_behind_it()
    {
        await using StorageFixture fixture = await OpenAsync();
        await fixture.Volumes.CreateAsync(new VolumeRequest("default.data"), Cancel);
        MadeStorage made = await fixture.Storage.MakeAsync(Plan(Claim()), Cancel);
        Assert.Equal("default.data-0a1b2c3d", made.Handle);
    }

    [Fact]
    public async Task A_later_claim_of_the_name_never_gets_what_an_earlier_one_left()
    {
        await using StorageFixture fixture = await OpenAsync();
        MadeStorage retained = await fixture.Storage.MakeAsync(Plan(Claim()), Cancel);
        MadeStorage made = await fixture.Storage.MakeAsync(Plan(Claim(uid: "ffffffff-2")), Cancel);
        Assert.NotEqual(retained.Handle, made.Handle);
    }

    [Fact]
    public async Task Two_claims_of_one_name_at_once_get_two_volumes()
    {
        await using StorageFixture fixture = await OpenAsync();
        MadeStorage[] made = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Task.Run(() => fixture.Storage.MakeAsync(Plan(Claim(uid: $"{number}2345678-x")), Cancel))));
        Assert.Equal(8, made.Select(static one => one.Handle).Distinct().Count());
    }

    [Fact]
    public async Task While_a_claim_has_it_docker_does_not_remove_it_and_says_whose_it_is()
    {
        await using StorageFixture fixture = await OpenAsync();
        await fixture.Storage.MakeAsync(Plan(Claim()), Cancel);
        StrakeException refused = await Assert.ThrowsAsync<StrakeException>(() => fixture.Volumes.RemoveAsync("default.data", force: true, Cancel));
        Assert.Equal(ErrorKind.InUse, refused.Kind);
        Assert.Contains("claim default/data", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restart_of_the_engine_leaves_claims_and_pods_what_they_have()
    {
        await using StorageFixture fixture = await OpenAsync();
        ProvisionPlan plan = Plan(Claim());
        PersistentVolume volume = VolumeOf(plan, await fixture.Storage.MakeAsync(plan, Cancel));
        await fixture.Storage.Mounts.MountAsync(volume, Use("web"), Cancel);
        await fixture.ReopenAsync();
        await fixture.Volumes.ReconcileAsync(new HashSet<string>(), new HashSet<string>(), Cancel);
        Assert.Equal(["claim/default/data", "pod/uid-web"], (await fixture.Volumes.Uses.OfAsync("default.data", Cancel)).Select(static use => use.Attachment.Holder));
    }

    [Fact]
    public async Task Deleted_nothing_of_it_is_left()
    {
        await using StorageFixture fixture = await OpenAsync();
        ProvisionPlan plan = Plan(Claim());
        PersistentVolume volume = VolumeOf(plan, await fixture.Storage.MakeAsync(plan, Cancel));
        await fixture.Storage.DeleteAsync(volume, Cancel);
        await fixture.Storage.DeleteAsync(volume, Cancel);
        Assert.Empty(await fixture.LeftoversAsync());
    }

    [Fact]
    public async Task Discarded_nothing_of_it_is_left_however_far_it_had_come()
    {
        await using StorageFixture fixture = await OpenAsync();
        Claim claim = Claim();
        await fixture.Storage.DiscardAsync(claim, ProvisionedVolume.NameFor(claim), Cancel);
        await fixture.Storage.MakeAsync(Plan(claim), Cancel);
        await fixture.Storage.DiscardAsync(claim, ProvisionedVolume.NameFor(claim), Cancel);
        Assert.Empty(await fixture.LeftoversAsync());
    }

    [Fact]
    public async Task What_a_class_asks_for_and_there_is_not_is_refused_by_name_and_leaves_no_volume()
    {
        await using StorageFixture fixture = await OpenAsync();
        StrakeException refused = await Assert.ThrowsAsync<StrakeException>(() => fixture.Storage.MakeAsync(
            ProvisionPlan.Of(Claim(), Given.Class("fast") with { Parameters = TextMap.Of(("speed", "high")) }), Cancel));
        Assert.Contains("'speed'", refused.Message, StringComparison.Ordinal);
        Assert.Empty(await fixture.NamesAsync());
        await fixture.Storage.DiscardAsync(Claim(), ProvisionedVolume.NameFor(Claim()), Cancel);
        Assert.Empty(await fixture.LeftoversAsync());
    }

    [Fact]
    public async Task In_use_it_is_not_deleted_and_its_claim_still_holds_it()
    {
        await using StorageFixture fixture = await OpenAsync();
        ProvisionPlan plan = Plan(Claim());
        PersistentVolume volume = VolumeOf(plan, await fixture.Storage.MakeAsync(plan, Cancel));
        await fixture.Storage.Mounts.MountAsync(volume, Use("web"), Cancel);
        StrakeException refused = await Assert.ThrowsAsync<StrakeException>(() => fixture.Storage.DeleteAsync(volume, Cancel));
        Assert.Equal(ErrorKind.InUse, refused.Kind);
        Assert.Contains("pod default/web", refused.Message, StringComparison.Ordinal);
        Assert.Equal(2, (await fixture.Volumes.Uses.OfAsync("default.data", Cancel)).Count);
    }

    [Fact]
    public async Task A_volume_of_docker_that_is_offered_as_one_of_kubernetes_is_not_deleted_with_it()
    {
        await using StorageFixture fixture = await OpenAsync();
        await fixture.Volumes.CreateAsync(new VolumeRequest("precious"), Cancel);
        PersistentVolume offered = Given.Volume() with { Source = new VolumeSource("csi", "strake.csi", "precious"), Csi = new Kubernetes.Records.CsiSource("strake.csi", "precious") };
        StrakeException refused = await Assert.ThrowsAsync<StrakeException>(() => fixture.Storage.DeleteAsync(offered, Cancel));
        Assert.Contains("no deletable volume plugin matched", refused.Message, StringComparison.Ordinal);
        Assert.Equal(["precious"], await fixture.NamesAsync());
    }

    [Fact]
    public async Task Retained_it_is_a_volume_of_dockers_like_any_other()
    {
        await using StorageFixture fixture = await OpenAsync();
        ProvisionPlan plan = Plan(Claim());
        PersistentVolume volume = VolumeOf(plan, await fixture.Storage.MakeAsync(plan, Cancel));
        await fixture.Storage.Holds.FollowAsync(volume.Name, volume with { Phase = VolumePhase.Released }, Cancel);
        Assert.Empty(await fixture.Volumes.Uses.OfAsync("default.data", Cancel));
        await fixture.Storage.Holds.FollowAsync(volume.Name, null, Cancel);
        await fixture.Volumes.RemoveAsync("default.data", force: false, Cancel);
        Assert.Empty(await fixture.NamesAsync());
    }

    [Fact]
    public async Task What_went_while_nobody_looked_lets_go_at_the_next_start_and_what_is_being_made_does_not()
    {
        await using StorageFixture fixture = await OpenAsync();
        await fixture.Storage.MakeAsync(Plan(Claim()), Cancel);
        await fixture.Storage.MakeAsync(Plan(Claim("other", "0ther000-1")), Cancel);
        await fixture.ReopenAsync();
        await fixture.Storage.Holds.SweepAsync(static _ => Task.FromResult<(IReadOnlyList<PersistentVolume>, IReadOnlyList<Claim>)>(([], [Claim("other", "0ther000-1")])), Cancel);
        Assert.Empty(await fixture.Volumes.Uses.OfAsync("default.data", Cancel));
        Assert.Single(await fixture.Volumes.Uses.OfAsync("default.other", Cancel));
    }

    [Fact]
    public async Task A_copy_of_a_claim_has_its_content_and_goes_its_own_way()
    {
        await using StorageFixture fixture = await OpenAsync();
        ProvisionPlan plan = Plan(Claim());
        PersistentVolume original = VolumeOf(plan, await fixture.Storage.MakeAsync(plan, Cancel));
        ClaimMount mount = await fixture.Storage.Mounts.MountAsync(original, Use("writer"), Cancel);
        await File.WriteAllTextAsync(Path.Combine(mount.Path, "file"), "before", Cancel);
        await fixture.Storage.Mounts.ReleaseAsync(original, Use("writer"), Cancel);
        fixture.Objects.Put(ObjectId.Volume(original.Name), Text(ProvisionedVolume.Document(plan, new MadeStorage("default.data", plan.Size))));
        fixture.Objects.Put(ObjectId.Claim(new ObjectKey("default", "data")),
            $$$"""{"metadata":{"name":"data","namespace":"default","uid":"0a1b2c3d-1"},"spec":{"volumeName":"{{{original.Name}}}"},"status":{"phase":"Bound"}}""");

        ProvisionPlan copy = Plan(Claim("copy", "c0ffee00-1") with { Source = new ClaimDataSource("", "PersistentVolumeClaim", "", "data") });
        PersistentVolume copied = VolumeOf(copy, await fixture.Storage.MakeAsync(copy, Cancel));
        mount = await fixture.Storage.Mounts.MountAsync(copied, Use("reader"), Cancel);
        Assert.Equal("before", await File.ReadAllTextAsync(Path.Combine(mount.Path, "file"), Cancel));
        await fixture.Storage.DeleteAsync(original, Cancel);
        Assert.Equal(["default.copy"], await fixture.NamesAsync());
    }

    [Fact]
    public async Task A_source_that_is_not_there_is_refused_in_kubernetes_words()
    {
        await using StorageFixture fixture = await OpenAsync();
        ProvisionPlan plan = Plan(Claim() with { Source = new ClaimDataSource("snapshot.storage.k8s.io", "VolumeSnapshot", "", "s") });
        StrakeException refused = await Assert.ThrowsAsync<StrakeException>(() => fixture.Storage.MakeAsync(plan, Cancel));
        Assert.Equal(
            "error getting handle for DataSource Type VolumeSnapshot by Name s: error getting snapshot s from api server: volumesnapshots.snapshot.storage.k8s.io \"s\" not found",
            refused.Message);
    }

    static VolumeUse Use(string pod) => new($"uid-{pod}", new ObjectKey("default", pod));

    static string Text(System.Text.Json.Nodes.JsonObject document) => document.ToJsonString();
}
