using System.Text.Json;
using Strake.Kubernetes.Controllers;
using Strake.Kubernetes.Pods;
using Strake.Kubernetes.Records;
using static Strake.Kubernetes.Tests.Storage.StorageFixture;
using VolumeUse = Strake.Kubernetes.Pods.VolumeUse;

namespace Strake.Kubernetes.Tests.Storage;

/// <summary>Claims from their class to their end, by all controllers together over real volumes.</summary>
public sealed class StorageLifeTests
{
    [Fact]
    public async Task Provisioned_grown_snapshotted_restored_cloned_and_deleted_nothing_is_left()
    {
        await using StorageWorkshop shop = await StorageWorkshop.OpenAsync();
        shop.PutClaim("data");
        await shop.RunUntilAsync(() => shop.IsBound("data"));
        await WriteAsync(shop, "data", "before");

        shop.PutSnapshot("snap", "\"persistentVolumeClaimName\":\"data\"");
        await shop.RunUntilAsync(() => shop.Snapshot("snap") is { IsReady: true });
        Assert.Equal(Given.Size("64Mi"), shop.Snapshot("snap")!.RestoreSize);
        Assert.True(shop.WasTold("SnapshotReady"));
        await WriteAsync(shop, "data", "after");

        shop.PutClaim("restored", more: """ "dataSource":{"apiGroup":"snapshot.storage.k8s.io","kind":"VolumeSnapshot","name":"snap"}, """);
        shop.PutClaim("cloned", "80Mi", """ "dataSource":{"kind":"PersistentVolumeClaim","name":"data"}, """);
        await shop.RunUntilAsync(() => shop.IsBound("restored") && shop.IsBound("cloned"));
        Assert.Equal("before", await ReadAsync(shop, "restored"));
        Assert.Equal("after", await ReadAsync(shop, "cloned"));
        Assert.Equal(Given.Size("80Mi"), shop.Find("cloned")!.Capacity);

        foreach (string claim in (string[])["data", "restored", "cloned"]) Go(shop, ObjectId.Claim(new ObjectKey("default", claim)));
        Go(shop, new ObjectId(ObjectId.Snapshots, new ObjectKey("default", "snap")));
        await shop.RunUntilAsync(() => shop.Objects.Volumes().Count == 0 && shop.Objects.Claims().Count == 0 && shop.Snapshot("snap") is null);
        Assert.Empty(await shop.Fixture.LeftoversAsync());
    }

    [Fact]
    public async Task A_claim_that_asks_for_more_is_grown_while_a_pod_has_it()
    {
        await using StorageWorkshop shop = await StorageWorkshop.OpenAsync();
        shop.PutClaim("data");
        await shop.RunUntilAsync(() => shop.IsBound("data"));
        await shop.Fixture.Storage.Mounts.MountAsync(VolumeOf(shop, "data"), Use, Cancel);
        Ask(shop, "data", "128Mi");
        await shop.RunUntilAsync(() => shop.Find("data")!.Capacity == Given.Size("128Mi"));
        Assert.Equal((0, ""), (shop.Find("data")!.Conditions.Count, shop.Find("data")!.ResizeStatus));
        Assert.Equal(Given.Size("128Mi"), VolumeOf(shop, "data").Capacity);
        Assert.Equal(Given.Size("128Mi").ToInt64(), await shop.Fixture.Served.SizeOfAsync("default.data", Cancel));
        Assert.True(shop.WasTold("Resizing"));
        Assert.True(shop.WasTold("VolumeResizeSuccessful"));
    }

    [Fact]
    public async Task A_growth_that_cannot_be_had_is_told_and_leaves_the_claim_what_it_has()
    {
        await using StorageWorkshop shop = await StorageWorkshop.OpenAsync();
        shop.PutClaim("data");
        await shop.RunUntilAsync(() => shop.IsBound("data"));
        // Behind everybody's back.
        PersistentVolume volume = VolumeOf(shop, "data");
        await shop.Fixture.Storage.Holds.LetGoAsync("default.data", Cancel);
        await shop.Fixture.Volumes.RemoveAsync("default.data", force: false, Cancel);
        Ask(shop, "data", "128Mi");
        await shop.RunUntilAsync(() => shop.WasTold("VolumeResizeFailed"));
        Assert.Contains(shop.Find("data")!.Conditions, static condition => condition.Type == ClaimCondition.ControllerResizeError);
        Assert.Equal(Given.Size("64Mi"), shop.Find("data")!.Capacity);
        Assert.Equal(Given.Size("64Mi"), volume.Capacity);
    }

    [Fact]
    public async Task A_snapshot_of_a_claim_that_is_missing_says_so_and_is_taken_when_it_comes()
    {
        await using StorageWorkshop shop = await StorageWorkshop.OpenAsync();
        shop.PutSnapshot("snap", "\"persistentVolumeClaimName\":\"data\"");
        await shop.RunUntilAsync(() => shop.Snapshot("snap") is { Error.Length: > 0 });
        Assert.Contains("\"data\\\" not found", shop.Snapshot("snap")!.Error, StringComparison.Ordinal);
        shop.PutClaim("data");
        await shop.RunUntilAsync(() => shop.Snapshot("snap") is { IsReady: true, Error: "" });
    }

    [Fact]
    public async Task A_snapshot_that_is_there_already_is_offered_and_restored()
    {
        await using StorageWorkshop shop = await StorageWorkshop.OpenAsync();
        shop.PutClaim("data");
        await shop.RunUntilAsync(() => shop.IsBound("data"));
        await WriteAsync(shop, "data", "old");
        await shop.Fixture.Served.SnapshotAsync("by-hand", "default.data", Cancel);
        shop.Put(ObjectId.SnapshotContents, "", "given",
            """ "spec":{"driver":"strake.csi","deletionPolicy":"Retain","source":{"snapshotHandle":"by-hand"},"volumeSnapshotRef":{"name":"snap","namespace":"default"}} """);
        shop.PutSnapshot("snap", "\"volumeSnapshotContentName\":\"given\"");
        await shop.RunUntilAsync(() => shop.Snapshot("snap") is { IsReady: true });
        shop.PutClaim("restored", more: """ "dataSource":{"apiGroup":"snapshot.storage.k8s.io","kind":"VolumeSnapshot","name":"snap"}, """);
        await shop.RunUntilAsync(() => shop.IsBound("restored"));
        Assert.Equal("old", await ReadAsync(shop, "restored"));
        Go(shop, new ObjectId(ObjectId.Snapshots, new ObjectKey("default", "snap")));
        await shop.RunUntilAsync(() => shop.Snapshot("snap") is null);
        Assert.Equal("by-hand", (await shop.Fixture.Served.GetSnapshotAsync("by-hand", Cancel)).Id);
    }

    [Fact]
    public async Task A_volume_with_snapshots_stays_until_they_are_gone()
    {
        await using StorageWorkshop shop = await StorageWorkshop.OpenAsync();
        shop.PutClaim("data");
        await shop.RunUntilAsync(() => shop.IsBound("data"));
        shop.PutSnapshot("snap", "\"persistentVolumeClaimName\":\"data\"");
        await shop.RunUntilAsync(() => shop.Snapshot("snap") is { IsReady: true });
        Go(shop, ObjectId.Claim(new ObjectKey("default", "data")));
        await shop.RunUntilAsync(() => shop.Events.Any(static item => item.Text.Message.Contains("it has the snapshot", StringComparison.Ordinal)));
        Assert.Single(shop.Objects.Volumes());
        Go(shop, new ObjectId(ObjectId.Snapshots, new ObjectKey("default", "snap")));
        await shop.RunUntilAsync(() => shop.Objects.Volumes().Count == 0);
        Assert.Empty(await shop.Fixture.LeftoversAsync());
    }

    [Fact]
    public async Task An_attributes_class_is_given_to_a_volume_that_there_is()
    {
        await using StorageWorkshop shop = await StorageWorkshop.OpenAsync();
        shop.Put(ObjectId.AttributesClasses, "", "kept", """ "driverName":"strake.csi","parameters":{"trash":"1h"} """);
        shop.PutClaim("data");
        await shop.RunUntilAsync(() => shop.IsBound("data"));
        Change(shop, "data", static spec => spec["volumeAttributesClassName"] = "kept");
        await shop.RunUntilAsync(() => shop.Find("data")!.CurrentAttributesClass == "kept");
        Assert.Equal("kept", VolumeOf(shop, "data").AttributesClass);
        Assert.True(shop.WasTold("VolumeModifySuccessful"));
    }

    static VolumeUse Use { get; } = new("uid-web", new ObjectKey("default", "web"));

    static PersistentVolume VolumeOf(StorageWorkshop shop, string claim) => shop.Objects.Volumes().First(volume => volume.Name == shop.Find(claim)!.VolumeName);

    static async Task WriteAsync(StorageWorkshop shop, string claim, string text)
    {
        ClaimMount mount = await shop.Fixture.Storage.Mounts.MountAsync(VolumeOf(shop, claim), Use, Cancel);
        await File.WriteAllTextAsync(Path.Combine(mount.Path, "file"), text, Cancel);
        await shop.Fixture.Storage.Mounts.ReleaseAsync(VolumeOf(shop, claim), Use, Cancel);
    }

    static async Task<string> ReadAsync(StorageWorkshop shop, string claim)
    {
        ClaimMount mount = await shop.Fixture.Storage.Mounts.MountAsync(VolumeOf(shop, claim), Use, Cancel);
        string text = await File.ReadAllTextAsync(Path.Combine(mount.Path, "file"), Cancel);
        await shop.Fixture.Storage.Mounts.ReleaseAsync(VolumeOf(shop, claim), Use, Cancel);
        return text;
    }

    static void Ask(StorageWorkshop shop, string claim, string size) => Change(shop, claim, spec => spec["resources"]!["requests"]!["storage"] = size);

    static void Change(StorageWorkshop shop, string claim, Action<System.Text.Json.Nodes.JsonObject> change)
    {
        var id = ObjectId.Claim(new ObjectKey("default", claim));
        var document = System.Text.Json.Nodes.JsonNode.Parse(shop.Objects.Find(id)!.Document.GetRawText())!.AsObject();
        change(document["spec"]!.AsObject());
        shop.Objects.Put(id, document.ToJsonString());
    }

    static void Go(StorageWorkshop shop, ObjectId id) => shop.Objects.Delete(id);
}
