using Strake.Kubernetes.Api;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;
using static Strake.Kubernetes.Tests.KubeFixture;

namespace Strake.Kubernetes.Tests.Api;

/// <summary>Writes of users: reading, defaults, checks, versions.</summary>
public sealed class ObjectWriterTests
{
    [Fact]
    public async Task Defaults_are_put_where_a_document_says_nothing()
    {
        await using var kube = await OpenAsync();
        var claim = (await kube.CreateAsync(PersistentVolumeClaimKind.Kind, Claim("data"))).ToDocument();
        Assert.Equal(("Filesystem", "Pending"), (claim.TextAt("spec", "volumeMode"), claim.TextAt("status", "phase")));
        var pod = (await kube.CreateAsync(PodKind.Kind, """{"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"nginx","ports":[{"containerPort":80}]}]}}""")).ToDocument();
        Assert.Equal("Always", pod.ItemsAt("spec", "containers").First().TextAt("imagePullPolicy"));
        Assert.Equal("TCP", pod.ItemsAt("spec", "containers").First().ItemsAt("ports").First().TextAt("protocol"));
    }

    [Theory]
    [InlineData(FieldValidation.Ignore, 0)]
    [InlineData(FieldValidation.Warn, 2)]
    public async Task Unknown_and_repeated_fields_are_dropped(FieldValidation validation, int warnings)
    {
        await using var kube = await OpenAsync();
        var made = (await kube.CreateAsync(PersistentVolumeClaimKind.Kind, Claim("data", more: ""","color":"red","volumeName":"a","volumeName":"b" """), new WriteOptions { Validation = validation })).ToDocument();
        Assert.Null(made.At("spec", "color"));
        Assert.Equal("b", made.TextAt("spec", "volumeName"));
        Assert.Equal(warnings, kube.Warnings.Count);
    }

    [Fact]
    public async Task Unknown_fields_are_refused_where_the_client_wants_it()
    {
        await using var kube = await OpenAsync();
        var refused = await RefusedAsync(() => kube.CreateAsync(PersistentVolumeClaimKind.Kind, Claim("data", more: ""","color":"red" """), new WriteOptions { Validation = FieldValidation.Strict }));
        Assert.Equal((400, "PersistentVolumeClaim in version \"v1\" cannot be handled as a PersistentVolumeClaim: strict decoding error: unknown field \"spec.color\""), (refused.Code, refused.Message));
    }

    [Fact]
    public async Task All_faults_are_told_at_once()
    {
        await using var kube = await OpenAsync();
        var refused = await RefusedAsync(() => kube.CreateAsync(PersistentVolumeClaimKind.Kind, """{"metadata":{"name":"Bad_Name"},"spec":{"volumeMode":"Tape"}}"""));
        Assert.Equal((422, "Invalid"), (refused.Code, refused.Reason));
        Assert.StartsWith("PersistentVolumeClaim \"Bad_Name\" is invalid: [metadata.name: Invalid value: \"Bad_Name\":", refused.Message);
        Assert.Contains("spec.volumeMode: Unsupported value: \"Tape\": supported values: \"Block\", \"Filesystem\"", refused.Message);
        Assert.Contains("spec.accessModes: Required value: at least 1 access mode is required", refused.Message);
        Assert.Contains(refused.Causes, static cause => cause is { Field: "spec.accessModes", Reason: "FieldValueRequired" });
    }

    [Fact]
    public async Task A_write_at_an_old_version_is_refused()
    {
        await using var kube = await OpenAsync();
        var old = await kube.CreateAsync(ConfigMapKind.Kind, ConfigMap("a", "{}"));
        await kube.PatchAsync(ConfigMapKind.Kind, "a", PatchKind.Merge, """{"data":{"x":"1"}}""");
        var refused = await RefusedAsync(() => kube.ReplaceAsync(ConfigMapKind.Kind, "a", $$$$"""{"metadata":{"name":"a","resourceVersion":"{{{{old.ResourceVersion}}}}"} }"""));
        Assert.Equal(
            (409, "Operation cannot be fulfilled on configmaps \"a\": the object has been modified; please apply your changes to the latest version and try again"),
            (refused.Code, refused.Message));
    }

    [Fact]
    public async Task Specification_and_status_are_written_apart()
    {
        await using var kube = await OpenAsync();
        await kube.CreateAsync(PersistentVolumeClaimKind.Kind, Claim("data"));
        await kube.PatchAsync(PersistentVolumeClaimKind.Kind, "data", PatchKind.Merge, """{"status":{"phase":"Bound"}}""");
        Assert.Equal("Pending", (await kube.GetAsync(PersistentVolumeClaimKind.Kind, "data")).TextAt("status", "phase"));
        await kube.PatchAsync(PersistentVolumeClaimKind.Kind, "data", PatchKind.Merge, """{"spec":{"volumeName":"v"},"status":{"phase":"Bound"}}""", new WriteOptions { Subresource = "status" });
        var after = await kube.GetAsync(PersistentVolumeClaimKind.Kind, "data");
        Assert.Equal(("Bound", null), (after.TextAt("status", "phase"), after.TextAt("spec", "volumeName")));
    }

    [Fact]
    public async Task A_dry_run_says_what_would_be_and_does_nothing()
    {
        await using var kube = await OpenAsync();
        var would = await kube.CreateAsync(PersistentVolumeClaimKind.Kind, Claim("data"), new WriteOptions { IsDryRun = true });
        Assert.Equal("Filesystem", would.ToDocument().TextAt("spec", "volumeMode"));
        Assert.Null(await kube.Objects.FindAsync(PersistentVolumeClaimKind.Kind, would.Name, Cancel));
    }

    [Fact]
    public async Task A_value_of_another_type_is_refused_with_its_place()
    {
        await using var kube = await OpenAsync();
        var refused = await RefusedAsync(() => kube.CreateAsync(PersistentVolumeClaimKind.Kind, """{"metadata":{"name":"a"},"spec":{"accessModes":"ReadWriteOnce"}}"""));
        Assert.Equal((400, true), (refused.Code, refused.Message.Contains("spec.accessModes", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Two_kinds_show_one_event()
    {
        await using var kube = await OpenAsync();
        await kube.CreateAsync(EventKind.InOwnGroup, """{"metadata":{"name":"e"},"regarding":{"name":"data"},"note":"hello","type":"Normal","reason":"R"}""");
        Assert.Equal("hello", (await kube.GetAsync(EventKind.Kind, "e")).TextAt("message"));
    }
}
